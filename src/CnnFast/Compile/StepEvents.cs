using System.Diagnostics;
using CnnFast.Diagnostics;

namespace CnnFast.Compile;

/// <summary>Tells listeners how long each step takes.</summary>
internal struct StepEvents : IStepObserver
{
    private long _start;

    public void Before() => _start = Stopwatch.GetTimestamp();

    public readonly void After(int index, PlanStep step) =>
        CnnFastEventSource.Log.NodeRun(step.Name, step.Kind, Stopwatch.GetElapsedTime(_start).TotalMicroseconds);
}
