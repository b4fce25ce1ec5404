"use strict";

// Loaded into the test process when coverage is measured. Node.js has begun to measure it by now; what it starts is
// left alone: the engine and its providers run half as long again when measured, and are ended before they report.
delete process.env.NODE_V8_COVERAGE;
