/** The parts of the host that commands about runs need. */

import type { RunService } from "../runs/runService.ts";
import type { RunStore } from "../store/runStore.ts";
import type { VerificationService } from "../verify/verificationService.ts";
import type { PanelHost } from "../views/panelHost.ts";
import type { RunEditor } from "../views/runEditor.ts";
import type { RunList } from "../views/runList.ts";
import type { RunsTree } from "../views/runsTree.ts";

export interface RunCommandServices {
  readonly runs: RunService;
  readonly kept: RunStore;
  readonly list: RunList;
  readonly tree: RunsTree;
  readonly verifications: VerificationService;
  readonly panel: PanelHost;
  readonly runEditor: Pick<RunEditor, "opened">;
}
