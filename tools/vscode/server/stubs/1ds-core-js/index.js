// The server imports this name at its start; telemetry itself is switched off and never reaches this module.
exports.AppInsightsCore = class AppInsightsCore {
  initialize() {}
  unload() {}
  track() {}
};
