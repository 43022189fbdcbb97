// Runs in the workbench's page: hands its log to the process that started the browser. What the extension host printed
// arrives through the RPC method $logExtensionHostMessage, whose name no minifier may change; its presence on the stack
// tells the tests' output from the workbench's own.
if (window.top === window) {
  window.codeAutomationLog = (level, args) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 100;
    const fromTests = new Error().stack.includes("$logExtensionHostMessage");
    Error.stackTraceLimit = limit;
    const plain = args.map((a) => (typeof a === "object" && a !== null ? JSON.stringify(a) : a));
    window.gradlensLog(level, fromTests, plain);
  };
}
