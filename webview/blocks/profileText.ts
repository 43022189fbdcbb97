/** The profile's figures at the cursor, in words. */

import { chartWords } from "../../src/messages/charts.ts";
import { panelWords } from "../../src/messages/panel.ts";
import { formatCount } from "../../src/protocol/numberText.ts";
import type { ProfileFigures } from "../state/profileFigures.ts";
import { cursorTimestep, type Selection } from "../state/selection.ts";
import type { View } from "../state/store.ts";
import { stepSpan } from "../text/runWords.ts";

/** @returns the visible text, and the position and text of the cursor for a screen reader */
export function profileText(
  view: View,
  { quantity, timesteps, history }: Selection,
  drawn: ProfileFigures | null,
): { readonly readout: string; readonly cursor: { now: number; min: number; max: number; text: string } } {
  const t = cursorTimestep(view, timesteps);
  const lag = history.info.requiredLag;
  const reach =
    drawn?.horizon == null
      ? ""
      : lag === null
        ? chartWords().reaches(formatCount(drawn.horizon))
        : chartWords().reachesOf({ horizon: formatCount(Math.min(drawn.horizon, lag)), lag: formatCount(lag) });
  const value = t === null ? undefined : drawn?.profile.values[t - 1];
  const at =
    value === undefined || t === null
      ? ""
      : chartWords().atTimestep({ t: formatCount(t), value: quantity.text(value) });
  const where = drawn === null ? panelWords().noStepYet : stepSpan(drawn.profile.firstStep, drawn.profile.lastStep);
  const shown = drawn?.profile.values[(t ?? timesteps) - 1];
  return {
    readout: `${where}${at === "" ? reach : at}`,
    cursor: {
      now: t ?? timesteps,
      min: 1,
      max: timesteps,
      text: chartWords().profileSpoken({
        where,
        t: t ?? timesteps,
        value: `${shown === undefined ? "" : quantity.text(shown)}${reach}`,
      }),
    },
  };
}
