namespace CnnFast.Compile;

/// <summary>Where values lie in one arena.</summary>
/// <param name="Offsets">The first float of each value, by its id.</param>
/// <param name="Length">Floats of the arena.</param>
/// <param name="LowerBound">Floats of the largest set of values that are alive at once: no plan can take less.</param>
/// <param name="Strategy">Which order of placing gave the shortest arena.</param>
internal sealed record MemoryPlan(IReadOnlyDictionary<int, int> Offsets, int Length, long LowerBound, string Strategy);
