/** The module's exports. No allocation, no data: all memory is the host's to lay out. */
export * from "./descend";
export * from "./eigen";
export * from "./elect";
export * from "./elements";
export * from "./half";
export * from "./jacobi";
export * from "./products";
export * from "./ranks";
export * from "./reflections";
export * from "./select";
export * from "./sums";
