using System.Diagnostics;
using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>Times the steps of a plan.</summary>
internal static class PlanProfile
{
    /// <summary>Runs a plan a number of times.</summary>
    public static IReadOnlyList<NodeProfile> Measure(ExecutionPlan plan, in ValueMemory caller, int runs)
    {
        var memory = new RunMemory(plan);
        var times = new long[plan.Steps.Count][];
        for (int i = 0; i < times.Length; i++)
            times[i] = new long[runs];
        var ticks = new long[times.Length];
        for (int run = 0; run < runs; run++)
        {
            plan.RunTimed(caller, memory, ticks);
            for (int i = 0; i < times.Length; i++)
                times[i][run] = ticks[i];
        }

        int n = caller.N;
        return [.. plan.Steps.Select((step, i) => Describe(step, n, plan.Scheduler.MaxThreads, times[i]))];
    }

    private static NodeProfile Describe(PlanStep step, int n, int threads, long[] ticks)
    {
        const double Microseconds = 1e6;
        Array.Sort(ticks);
        long floats = ((long)n * (step.Inputs.Sum(input => (long)input.SampleLength) + step.Output.SampleLength)) + step.ConstantLength;
        return new NodeProfile(
            step.Name,
            step.Kind,
            step.Step.KernelName,
            step.OutputShape,
            n * step.MultiplyAdds,
            floats * sizeof(float),
            step.Step.WorkspaceBytes(threads),
            ticks[0] * Microseconds / Stopwatch.Frequency,
            ticks[ticks.Length / 2] * Microseconds / Stopwatch.Frequency);
    }
}
