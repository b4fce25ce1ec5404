import {
  DeleteBucketLifecycleCommand,
  GetBucketLifecycleConfigurationCommand,
  PutBucketLifecycleConfigurationCommand,
  type LifecycleRule as StoredRule,
} from "@aws-sdk/client-s3";
import { STORAGE_TIERS, type LifecycleRule } from "../../estate/documents";
import { canonicalLifecycle } from "../../estate/stores/lifecycle";
import { ask, tell, type Setting } from "./ask";

export const lifecycle: Setting<LifecycleRule[]> = {
  read: (store) =>
    ask(
      store,
      "lifecycle rules",
      (client, at, options) => client.send(new GetBucketLifecycleConfigurationCommand(at), options),
      { none: [], read: ({ Rules }) => Rules && rulesFound(Rules) },
    ),
  write: (store, rules) =>
    tell(store, "lifecycle rules", (client, at, options) =>
      rules.length === 0
        ? client.send(new DeleteBucketLifecycleCommand(at), options)
        : client.send(
            new PutBucketLifecycleConfigurationCommand({
              ...at,
              LifecycleConfiguration: { Rules: rules.map(storedRule) },
            }),
            options,
          ),
    ),
};

export function storedRule(rule: LifecycleRule, index: number): StoredRule {
  const { prefix, abortIncompleteUploadsAfterDays: aborts, expireNoncurrentAfterDays: expires, transitions } = rule;
  return {
    ID: `lync-backup-${String(index + 1)}`,
    Status: "Enabled",
    Filter: { Prefix: prefix },
    ...(aborts === undefined ? {} : { AbortIncompleteMultipartUpload: { DaysAfterInitiation: aborts } }),
    ...(expires === undefined ? {} : { NoncurrentVersionExpiration: { NoncurrentDays: expires } }),
    ...(transitions.length === 0
      ? {}
      : { Transitions: transitions.map(({ afterDays, tier }) => ({ Days: afterDays, StorageClass: tier })) }),
  };
}

/** Rules that are switched off do nothing. What no declaration says stands beside the rest, for a person to read. */
export function rulesFound(stored: readonly StoredRule[]): LifecycleRule[] {
  const enabled = stored.filter(({ Status }) => Status === "Enabled").map(ruleFound);
  const plain = enabled.filter(({ besides }) => besides === undefined);
  const odd = enabled.filter(({ besides }) => besides !== undefined);
  const text = (rule: object): string => JSON.stringify(rule);
  return [...canonicalLifecycle(plain), ...odd.sort((a, b) => (text(a) < text(b) ? -1 : 1))];
}

type FoundRule = LifecycleRule & { besides?: string };

function ruleFound(stored: StoredRule): FoundRule {
  const { ID: _name, Status: _enabled, Filter, Prefix, ...does } = stored;
  const { AbortIncompleteMultipartUpload: aborts, NoncurrentVersionExpiration: expires, Transitions, ...more } = does;
  const { Prefix: filtered, ...narrower } = Filter ?? {};
  const transitions = (Transitions ?? []).flatMap(({ Days, StorageClass }) => {
    const tier = STORAGE_TIERS.find((one) => one === StorageClass);
    return tier === undefined || Days === undefined ? [] : [{ afterDays: Days, tier }];
  });
  const said = {
    ...more,
    ...(Object.values(narrower).some((value) => value !== undefined) ? { Filter: narrower } : {}),
    ...(expires?.NewerNoncurrentVersions === undefined
      ? {}
      : { NewerNoncurrentVersions: expires.NewerNoncurrentVersions }),
    ...(transitions.length === (Transitions ?? []).length ? {} : { Transitions }),
  };
  const besides = JSON.stringify(said);
  return {
    prefix: filtered ?? Prefix ?? "",
    ...(aborts?.DaysAfterInitiation === undefined
      ? {}
      : { abortIncompleteUploadsAfterDays: aborts.DaysAfterInitiation }),
    ...(expires?.NoncurrentDays === undefined ? {} : { expireNoncurrentAfterDays: expires.NoncurrentDays }),
    transitions,
    ...(besides === "{}" ? {} : { besides }),
  };
}
