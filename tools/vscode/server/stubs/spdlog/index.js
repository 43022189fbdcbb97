// Replaces the native logger, which would have to be compiled: the same calls, implemented with fs.

const fs = require("node:fs");
const NAMES = ["trace", "debug", "info", "warning", "error", "critical", "off"];
class Logger {
  constructor(name, file) {
    this.name = name;
    this.file = file;
    this.level = 2;
    this.raw = false;
  }
  write(level, text) {
    if (level < this.level) return;
    try {
      fs.appendFileSync(this.file, this.raw ? text : `${new Date().toISOString()} [${NAMES[level]}] ${text}\n`);
    } catch {
      /* a log only */
    }
  }
  trace(t) {
    this.write(0, t);
  }
  debug(t) {
    this.write(1, t);
  }
  info(t) {
    this.write(2, t);
  }
  warn(t) {
    this.write(3, t);
  }
  error(t) {
    this.write(4, t);
  }
  critical(t) {
    this.write(5, t);
  }
  getLevel() {
    return this.level;
  }
  setLevel(l) {
    this.level = l;
  }
  clearFormatters() {
    this.raw = true;
  }
  setPattern() {}
  flush() {}
  drop() {}
}
exports.version = 11100;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.shutdown = () => {};
exports.createRotatingLogger = async (name, file) => new Logger(name, file);
exports.createAsyncRotatingLogger = async (name, file) => new Logger(name, file);
exports.Logger = Logger;
