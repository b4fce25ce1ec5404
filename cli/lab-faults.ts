import {
  breakCmdlet,
  changeGroup,
  CMDLET_FAULTS,
  cutHost,
  editAgentFile,
  editShare,
  editTask,
  fillDisk,
  loadHost,
  loseCentralManagement,
  loseComputer,
  loseDatabase,
  mendCmdlets,
  mendHost,
  moveCentralManagement,
  powerOff,
  powerOn,
  removeShare,
  removeTask,
  setEncryption,
  slowHost,
  startService,
  stopCentralManagement,
  stopService,
} from "../lab/commands";
import type { Change } from "./lab-sql";
import { CliError, sizeText } from "./output";

/** What fate and colleagues do to the lab, one command each. */
export function addFaults(change: Change): void {
  change("cut <host>", "the host no longer answers", async (folder, host = "") => {
    await cutHost(folder, host);
    return `${host} does not answer any more.`;
  });
  change("mend <host>", "the host answers again, at once", async (folder, host = "") => {
    await mendHost(folder, host);
    return `${host} answers again.`;
  });
  change(
    "slow <host> <milliseconds>",
    "every call to the host takes so long",
    async (folder, host = "", delay = "") => {
      await slowHost(folder, host, numberOf(delay));
      return `Every call to ${host} takes ${delay} ms.`;
    },
  );
  change(
    "load <host> <times>",
    "what runs on the host takes so many times as long",
    async (folder, host = "", times = "") => {
      await loadHost(folder, host, numberOf(times));
      return `What runs on ${host} takes ${times} times as long.`;
    },
  );
  change("power-off <host>", "the computer is switched off; what runs on it ends", async (folder, host = "") => {
    await powerOff(folder, host);
    return `${host} is off.`;
  });
  change("power-on <host>", "the computer is switched on again", async (folder, host = "") => {
    await powerOn(folder, host);
    return `${host} is on.`;
  });
  change(
    "move-central-store <server>",
    "the Central Management store is active elsewhere",
    async (folder, server = "") => {
      await moveCentralManagement(folder, server);
      return `The Central Management store is active on ${server}.`;
    },
  );
  change("stop-central-store", "the Central Management store answers nobody", async (folder) => {
    await stopCentralManagement(folder, true);
    return "The Central Management store is down.";
  });
  change("start-central-store", "the Central Management store answers again", async (folder) => {
    await stopCentralManagement(folder, false);
    return "The Central Management store is up.";
  });

  change("disable-task <host> <job>", "a colleague disables a task", async (folder, host = "", job = "") => {
    await editTask(folder, host, job, { enabled: false });
    return `The task ${job} on ${host} is disabled.`;
  });
  change("remove-task <host> <job>", "a colleague removes a task", async (folder, host = "", job = "") => {
    await removeTask(folder, host, job);
    return `The task ${job} on ${host} is gone.`;
  });
  change("edit-module <host>", "a colleague improves the module", async (folder, host = "") => {
    await editAgentFile(folder, host, "LyncBackup.psm1", "# improved by a colleague\n");
    return `The module on ${host} is not what was installed.`;
  });
  change("remove-share <host> <share>", "a colleague stops sharing", async (folder, host = "", share = "") => {
    await removeShare(folder, host, share);
    return `${share} on ${host} is no longer shared.`;
  });
  change(
    "fill <host> <drive> <bytes>",
    "only so many bytes are free",
    async (folder, host = "", drive = "", bytes = "") => {
      await fillDisk(folder, host, drive, numberOf(bytes));
      return `${drive} on ${host} has ${sizeText(numberOf(bytes))} free.`;
    },
  );
  change("decrypt <host> <drive>", "a colleague turns encryption off", async (folder, host = "", drive = "") => {
    await setEncryption(folder, host, drive, "none");
    return `${drive} on ${host} is not encrypted.`;
  });
  change("leave-group <account> <group>", "an account loses a membership", async (folder, account = "", group = "") => {
    await changeGroup(folder, account, group, "remove");
    return `${account} is no longer in ${group}.`;
  });
  change("join-group <account> <group>", "an account gains a membership", async (folder, account = "", group = "") => {
    await changeGroup(folder, account, group, "add");
    return `${account} is in ${group}.`;
  });

  change("stop-service <host> <service>", "a service of Lync stops", async (folder, host = "", service = "") => {
    await stopService(folder, host, service);
    return `${service} on ${host} is stopped, with what depends on it.`;
  });
  change("start-service <host> <service>", "it starts again", async (folder, host = "", service = "") => {
    await startService(folder, host, service);
    return `${service} on ${host} runs.`;
  });
  change(
    "break-cmdlet <host> <cmdlet> <how>",
    `a cmdlet is broken there from now on: ${CMDLET_FAULTS.join(", ")} (it writes half a file)`,
    async (folder, host = "", cmdlet = "", how = "") => {
      const fault = CMDLET_FAULTS.find((one) => one === how);
      if (!fault) throw new CliError(`a cmdlet is broken by ${CMDLET_FAULTS.join(", ")}, and not by ${how}`, 2);
      await breakCmdlet(folder, host, cmdlet, fault);
      return `${cmdlet} on ${host}: ${fault}.`;
    },
  );
  change("mend-cmdlets <host>", "all cmdlets work again", async (folder, host = "") => {
    await mendCmdlets(folder, host);
    return `All cmdlets on ${host} work.`;
  });
  change("lose-server <host>", "the computer is gone, with all that was on it", async (folder, host = "") => {
    await loseComputer(folder, host);
    return `${host} is lost.`;
  });
  change(
    "lose-database <store> <database>",
    "all copies of a database are gone",
    async (folder, store = "", database = "") => {
      await loseDatabase(folder, store, database);
      return `${database} of ${store} is lost.`;
    },
  );
  change("lose-central-store", "the databases of the Central Management store are gone", async (folder) => {
    await loseCentralManagement(folder);
    return "The Central Management store is lost.";
  });
  change(
    "edit-task <host> <job> <time>",
    "a colleague has a task start at another time",
    async (folder, host = "", job = "", at = "") => {
      if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(at)) throw new CliError("a time of day is written as 02:30", 2);
      await editTask(folder, host, job, { triggers: [{ kind: "daily", at, everyDays: 1 }] });
      return `The task ${job} on ${host} starts at ${at}.`;
    },
  );
  change(
    "edit-share <host> <share> <account>",
    "a colleague lets this account in, for reading, and nobody else",
    async (folder, host = "", share = "", account = "") => {
      await editShare(folder, host, share, { access: [{ account, right: "read" }] });
      return `${share} on ${host} is for ${account} only.`;
    },
  );
}

function numberOf(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new CliError(`${text} is not a whole number`, 2);
}
