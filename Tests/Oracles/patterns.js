// The reference for RegularExpressionOracleTests: whether ECMAScript's own patterns match.
//
// Reads lines of JSON, {"pattern": …, "texts": […]}, and prints one line for each: a 1 or 0 per text, or "invalid".
"use strict";
const lines = require("fs").readFileSync(0, "utf8").split("\n");
for (const line of lines) {
    if (line === "") continue;
    const { pattern, texts } = JSON.parse(line);
    let expression;
    try {
        expression = new RegExp(pattern, "u");
    } catch {
        console.log("invalid");
        continue;
    }
    console.log(texts.map((text) => (expression.test(text) ? "1" : "0")).join(""));
}
