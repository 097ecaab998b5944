using System.Diagnostics;

namespace CnnFast.Compile;

/// <summary>Adds up how long each step takes, in ticks of <see cref="Stopwatch"/>.</summary>
internal struct StepTimes(long[] ticks) : IStepObserver
{
    private long _start;

    public void Before() => _start = Stopwatch.GetTimestamp();

    public readonly void After(int index, PlanStep step) => ticks[index] += Stopwatch.GetTimestamp() - _start;
}
