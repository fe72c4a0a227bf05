#!/usr/bin/env node
"use strict";
// kubectl runs it for `kubectl flamingo`; by its name flamingo knows how it was called
require("./flamingo.cjs");
