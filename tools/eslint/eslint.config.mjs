// How TypeScript is held to its rules: tools/lint runs this on web/tracker.
import path from "node:path";
import { fileURLToPath } from "node:url";
import js from "@eslint/js";
import ts from "typescript-eslint";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

export default ts.config(
  { files: ["**/*.ts"] },
  js.configs.recommended,
  ...ts.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { project: path.join(root, "web/tracker/tsconfig.json"), tsconfigRootDir: root } },
    rules: {
      // Where the browser turns a number into text by itself, that is meant, and is shorter.
      "@typescript-eslint/restrict-template-expressions": "off",
      "@typescript-eslint/restrict-plus-operands": "off",
      // What a server asks us to wait is no error.
      "@typescript-eslint/only-throw-error": "off",
    },
  },
);
