using CnnFast.Graphs;
using CnnFast.Visualization;

namespace CnnFast.Benchmarks.Peers;

/// <summary>Times the training of one model in both engines, which take turns once their times are steady.</summary>
/// <param name="threads">Threads of each engine.</param>
/// <param name="seconds">Seconds to spend on each engine and model.</param>
/// <param name="hasPeer">Whether libtorch is there.</param>
internal sealed class TrainingTimer(int threads, double seconds, bool hasPeer)
{
    private const int ComparedSteps = 3;
    private const int AllocationRuns = 5;

    public TrainingRow Run(TrainingCase training, int batch)
    {
        (TrainingRunner ours, double[] losses) = Start(new CnnFastTraining(training, batch, threads));
        using TrainingRunner mine = ours;
        LossComparison comparison = LossComparison.None;
        using TrainingRunner? peer = hasPeer ? Fastest() : null;
        TrainingRunner[] runners = peer is null ? [ours] : [ours, peer];
        foreach (TrainingRunner runner in runners)
            SteadyState.Reach(runner.Run);
        double[] calls = [.. runners.Select(Turns.Probe)];
        double allocated = ours.MeasureAllocation(AllocationRuns);
        new Turns(threads, seconds).Take(runners, calls);
        double[] megabytes = [.. runners.Select(runner => TrainingMemoryCommand.MeasureApart(training, batch, threads, runner))];
        return new TrainingRow(training, batch, ours.Time, peer?.Time, allocated, megabytes[0],
            peer is null ? double.NaN : megabytes[1], comparison);

        TrainingRunner Fastest()
        {
            TrainingRunner? chosen = null;
            double least = double.PositiveInfinity;
            foreach (bool channelsLast in new[] { false, true })
            {
                (TrainingRunner runner, double[] theirs) = Start(new TorchTraining(training, batch, channelsLast));
                double time = Turns.Probe(runner);
                if (!IsRandom(training) && comparison.Wrong is null)
                    comparison = LossComparison.Of(training.Name, losses, theirs);
                (TrainingRunner? dropped, chosen, least) = time < least ? (chosen, runner, time) : (runner, chosen, least);
                dropped?.Dispose();
            }

            return chosen!;
        }
    }

    private static bool IsRandom(TrainingCase training) => training.Build().Graph.Nodes.Any(node => node.Operation is DropoutOperation);

    private static (TrainingRunner Runner, double[] Losses) Start(TrainingRunner runner)
    {
        var losses = new double[ComparedSteps];
        for (int i = 0; i < losses.Length; i++)
        {
            runner.Run();
            losses[i] = runner.Loss;
        }

        return (runner, losses);
    }
}
