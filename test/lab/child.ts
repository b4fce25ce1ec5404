import { openLabHost } from "../../lab/host";
import { Store } from "../../lab/store";

/** What other processes do in tests of the lab. Not a test itself. */
const [what, folder = "", argument = ""] = process.argv.slice(2);

async function main(): Promise<void> {
  const store = new Store(folder);
  if (what === "count") {
    for (let turn = 0; turn < Number(argument); turn++) {
      await store.transaction(async (sections) => {
        const before = (sections.get("counter") as { value: number } | undefined)?.value ?? 0;
        // A gap in which a second writer would read the same value.
        await new Promise((resolve) => setImmediate(resolve));
        sections.set("counter", { value: before + 1 });
      });
      process.stdout.write(".");
    }
  }
  if (what === "hold") {
    await store.transaction(async (sections) => {
      sections.set("counter", { value: -1 });
      process.stdout.write("holding");
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    });
  }
  if (what === "run") {
    const host = await openLabHost(folder, "fe01.contoso.com");
    await host.run(
      { job: "configuration" },
      {
        onProgress: (progress) => {
          const at = progress.kind === "step-started" ? `before-${progress.id}` : `after-${progress.result.id}`;
          if (at === argument) process.kill(process.pid, "SIGKILL");
        },
      },
    );
  }
}

void main();
