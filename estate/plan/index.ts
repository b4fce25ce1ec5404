export { renderHtml } from "./html";
export { renderMarkdown } from "./markdown";
export { planOf } from "./plan";
