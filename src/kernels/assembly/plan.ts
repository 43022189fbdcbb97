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

/** Rows of the derivatives beside the gates at `z`; 0: they follow from the gates, or nothing walks back. */
@inline
export function slopesOf(plan: Plan, z: usize): usize {
  return plan.slopes ? plan.slopes + (z - plan.z) : 0;
}

/** Rows of the derivatives beside the activated cell states at `tc`; 0 likewise. */
@inline
export function stateSlopesOf(plan: Plan, tc: usize): usize {
  return plan.tcSlopes ? plan.tcSlopes + (tc - plan.tc) : 0;
}
