// The reference for RegularExpressionOracleTests: whether ECMAScript's own patterns match.
//
// Reads lines of JSON, {"pattern": …, "texts": […]}, and prints one line for each: a 1 or 0 per text, or "invalid".
"use strict";

// Tries each place by itself: left to search, V8 also finds empty matches in the middle of a character of two code units,
// which is no place by ECMA-262 (22.2.7.2, "input is a List of code points").
function matches(expression, text) {
    let place = 0;
    for (const character of [...text, ""]) {
        expression.lastIndex = place;
        if (expression.test(text)) return true;
        place += character.length;
    }
    return false;
}

for (const line of require("fs").readFileSync(0, "utf8").split("\n")) {
    if (line === "") continue;
    const { pattern, texts } = JSON.parse(line);
    let expression;
    try {
        expression = new RegExp(pattern, "uy");
    } catch {
        console.log("invalid");
        continue;
    }
    console.log(texts.map((text) => (matches(expression, text) ? "1" : "0")).join(""));
}
