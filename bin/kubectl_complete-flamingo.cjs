#!/usr/bin/env node
"use strict";
// kubectl runs this to complete `kubectl flamingo …` (k8s.io/kubectl, pkg/cmd/plugin/plugin_completion.go)
process.argv.splice(2, 0, "__complete");
require("./flamingo.cjs");
