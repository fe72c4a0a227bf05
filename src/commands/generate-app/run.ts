import type { Target } from "../../applications/target.js";
import type { Input } from "../../workloads/input.js";
import type { Deps } from "../deps.js";
import type { Request } from "./request.js";
import type { Tally } from "./tally.js";

/** What the ends of a run have in common. */
export interface Run {
  request: Request;
  input: Input;
  target: Target;
  tally: Tally;
  deps: Deps;
}
