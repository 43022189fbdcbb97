// Replaces the native copy-on-write copy, which would have to be compiled; the git extension imports it.
const fs = require("node:fs");
exports.copyFile = fs.promises.copyFile;
exports.copyFileSync = fs.copyFileSync;
exports.cp = fs.promises.cp;
exports.isCloneSupported = () => false;
exports.constants = fs.constants;
