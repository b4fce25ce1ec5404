import type { Command } from "commander";
import { PROFILES } from "../../estate/stores/profiles";
import { DUTIES, grantsOf, PLACES, ROLES, usageOf, type Grant, type Role } from "../../offsite/policies/grants";
import { policyOf } from "../../offsite/policies/policy";
import { answer, CliError, table } from "../output";
import { addReferenceOptions, type ReferenceCommand } from "./options";
import { referenceOf } from "./store";

interface PolicyCommand extends ReferenceCommand {
  principal?: string;
  lock?: boolean;
  legalHold?: boolean;
}

export function addPolicyCommand(offsite: Command): void {
  const command = offsite
    .command("policy <role>")
    .description(`print the least that a part needs, as a policy: ${ROLES.join(", ")}`);
  addReferenceOptions(command)
    .option("--principal <name>", "whom it is for: a policy of the bucket instead of one of the account")
    .option("--lock", "sets are pushed with --lock")
    .option("--legal-hold", "sets are pushed with --legal-hold")
    .action(printPolicy);
}

/** Needs no store: it asks nobody. */
function printPolicy(named: string, command: PolicyCommand): void {
  const role = ROLES.find((one) => one === named);
  if (!role) throw new CliError(`There is no part ${named}: it is one of ${ROLES.join(", ")}.`, 2);
  const store = referenceOf(command);
  const { insteadOfPolicies } = PROFILES[store.profile];
  if (insteadOfPolicies !== undefined) throw new CliError(insteadOfPolicies, 2);
  const usage = usageOf(store, { lock: command.lock === true, legalHold: command.legalHold === true });
  const grants = grantsOf(role, usage);
  const policy = policyOf(store, grants, command.principal);
  answer(command, policy, () => [tableOf(role, grants), JSON.stringify(policy, null, 2)].join("\n\n"));
}

const tableOf = (role: Role, grants: readonly Grant[]): string =>
  [
    `${role}: ${DUTIES[role].replaceAll("`", "")}`,
    table(
      ["may", "on", "why"],
      grants.map(({ action, on, why }) => [
        action,
        on === "bucket" ? "the bucket" : on.map((place) => PLACES[place]).join(" "),
        why,
      ]),
    ),
  ].join("\n");
