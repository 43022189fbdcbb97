/**
 * How fast the panel draws while a large run streams in: 4 recurrent layers, T = 200, 5,000 steps behind it, 30 messages a
 * second, with the pointer moving over the heat map.
 *
 *   npm run bench:ui [-- seconds]
 */

import type { Measured } from "../ui/panel/harness/fakeHost.ts";
import { PanelBrowser } from "../ui/panel/panelPage.ts";

const limit = 60;

function quantile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? Number.NaN;
}

async function main(): Promise<void> {
  const seconds = Number(process.argv[2] ?? 5);
  const browser = await PanelBrowser.start();
  try {
    const panel = await browser.open({
      width: 1400,
      height: 1000,
      before: "host.begin({ recurrent: 4, timesteps: 200, plannedSteps: null }, 5000, 8);",
    });
    const chrome = await panel.page.context().newCDPSession(panel.page);
    // Time of the page's thread alone, which other processes do not lengthen.
    await chrome.send("Performance.enable", { timeDomain: "threadTicks" });
    const taken = async (): Promise<number> => {
      const { metrics } = await chrome.send("Performance.getMetrics");
      return 1000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN);
    };
    for (const still of [true, false]) {
      const before = await taken();
      const measuring = panel.host<Measured>(`host.measure(${seconds}, 8)`);
      let moving = !still;
      const pointer = (async () => {
        const box = await panel.page.locator(".heat canvas").first().boundingBox();
        for (let i = 0; moving && box; i++) {
          await panel.page.mouse.move(box.x + 60 + ((i * 7) % (box.width - 80)), box.y + 20 + ((i * 3) % 100));
          await new Promise((resolve) => setTimeout(resolve, 16));
        }
      })();
      const { gaps, busy } = await measuring;
      const thread = ((await taken()) - before) / gaps.length;
      moving = false;
      await pointer;
      const rate = (1000 * gaps.length) / gaps.reduce((a, b) => a + b, 0);
      console.log(
        `\n4 recurrent layers, T = 200, after 5,000 steps, 30 messages a second${still ? "" : ", pointer over the heat map"}`,
      );
      console.log(`  drawn             ${rate.toFixed(0)} frames/s (limit: ${limit})`);
      console.log(
        `  script per frame  ${quantile(busy, 0.5).toFixed(1)} ms median, ${quantile(busy, 0.95).toFixed(1)} ms 95th percentile (limit: ${(1000 / limit).toFixed(1)})`,
      );
      console.log(`  thread per frame  ${thread.toFixed(1)} ms of the processor`);
      console.log(`  longest pause     ${Math.max(...gaps).toFixed(0)} ms`);
    }
    if (panel.errors.length > 0) throw new Error(panel.errors.join("\n"));
  } finally {
    await browser.close();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
