import { planOf, renderMarkdown } from "../../estate/plan";
import { lab } from "../../stacks/lab";
import { markdown, type Page } from "./page";

/** The plan of the lab, so that one can read what `lync-backup plan` makes of a declaration. */
export const planPages = (): Page[] => [{ ...markdown("plan-of-the-lab.md", renderMarkdown(planOf(lab))), asIs: true }];
