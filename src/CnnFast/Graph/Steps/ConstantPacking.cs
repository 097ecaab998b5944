namespace CnnFast.Graphs;

/// <summary>How a plan wants the constants of its steps.</summary>
/// <param name="Scheduler">Where the work runs.</param>
/// <param name="KeepsDenormals">Whether numbers below 2⁻¹²⁶ stay; else zeros of the same sign take their place.</param>
internal readonly record struct ConstantPacking(IWorkScheduler Scheduler, bool KeepsDenormals);
