namespace CnnFast.Benchmarks;

/// <summary>A run of an operator that memory bounds, with its buffers, ready to be timed.</summary>
/// <param name="Name">The shape, or the operator.</param>
/// <param name="Pass">The pass, or the footprint.</param>
/// <param name="Bytes">Bytes that the run must read and write at least.</param>
/// <param name="Run">Runs it once.</param>
public sealed record MemoryJob(string Name, string Pass, long Bytes, Action Run);
