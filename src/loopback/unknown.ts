/** Why it is not known which objects of a kind there are. "not heard": the API server is away, or cannot read them. */
export type Unknown = "not served" | "forbidden" | "not heard" | `only permitted in ${string}`;
