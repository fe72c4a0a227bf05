/** Why it is not known which objects of a kind there are. "unavailable": the API server is away, or cannot read them. */
export type Unknown = "not served" | "forbidden" | "unavailable" | `only permitted in ${string}`;
