/** Reads the parameter block of a recurrent layer. */

import { Group, Plan } from "./planBlock";

@inline
export function group(plan: Plan, index: i32): Group {
  return changetype<Group>(plan.groupTable + <usize>index * offsetof<Group>());
}

/** Number of samples of a panel that exist; the other lanes are padding. */
@inline
export function validLanes(plan: Plan, panel: i32): i32 {
  return min<i32>(8, plan.B - panel * 8);
}
