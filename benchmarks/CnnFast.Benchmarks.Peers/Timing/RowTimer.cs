using CnnFast.Testing;
using System.Diagnostics;

namespace CnnFast.Benchmarks.Peers;

/// <summary>
/// Times one pass on all engines: each enters its fastest candidate, then they take turns of about a millisecond or one call, with the
/// FMA peak taken in between, and every engine's result is held against the reference before and after.
/// </summary>
/// <param name="ours">This library.</param>
/// <param name="oneThread">This library on one thread, where the others run on more.</param>
/// <param name="peers">The peers.</param>
/// <param name="threads">Threads of each.</param>
/// <param name="seconds">Seconds to spend on each engine and row.</param>
internal sealed class RowTimer(Engine ours, Engine? oneThread, IReadOnlyList<Engine> peers, int threads, double seconds)
{
    private const double Turn = 1e-3;

    // Untimed calls before each turn bring an engine's data back into the caches, and wake its threads and spread them over the processors.
    private const double WarmUp = 1e-3;
    private const double ThreadsWarmUp = 4e-3;

    // From here on an untimed call would cost more than cold caches do.
    private const double NoWarmUpFrom = 4e-3;

    private const double ProbeSeconds = 10e-3;
    private const int ProbeSamples = 5;
    private const int FewestTurns = 7;
    private const int PeakSteps = 20_000;

    public PeerRow Run(ConvolutionData data, ConvolutionPass pass)
    {
        var reference = new SampledReference(data, pass);
        float[] result = new float[data.ResultLength(pass)];
        var contenders = new List<Contender>();
        var wrong = new Dictionary<Engine, string>();
        foreach (Engine engine in peers.Prepend(ours).Concat(oneThread is null ? [] : [oneThread]))
        {
            if (Enter(engine, data, pass, reference, result, wrong) is { } contender)
                contenders.Add(contender);
        }

        GC.Collect();
        (double peakBest, double peakMedian) = TakeTurns(contenders);
        foreach (Contender contender in contenders)
        {
            contender.Candidate.Finish();
            if (Check(contender.Candidate, reference, result) is { } sentence)
                wrong.TryAdd(contender.Engine, sentence);
        }

        EngineTime[] times = [.. contenders.Select(c =>
            new EngineTime(c.Engine.Name, c.Candidate.Variant, c.Candidate.Best, c.Candidate.Median, wrong.GetValueOrDefault(c.Engine)))];
        foreach (Contender contender in contenders)
            contender.Candidate.Dispose();
        return new PeerRow(
            data.Name,
            pass,
            data.Operations,
            peakBest,
            peakMedian,
            times.Single(t => t.Engine == ours.Name),
            times.SingleOrDefault(t => t.Engine == oneThread?.Name),
            [.. times.Where(t => t.Engine != ours.Name && t.Engine != oneThread?.Name)]);
    }

    private static string? Check(Candidate candidate, SampledReference reference, float[] result)
    {
        Array.Fill(result, float.NaN);
        candidate.Read(result);
        return reference.Check(result);
    }

    // The fastest candidate of an engine whose result is right; a wrong one enters only where all are wrong.
    private Contender? Enter(Engine engine, ConvolutionData data, ConvolutionPass pass, SampledReference reference, float[] result,
        Dictionary<Engine, string> wrong)
    {
        Candidate? chosen = null;
        double least = double.PositiveInfinity;
        foreach (Candidate candidate in engine.Candidates(data, pass))
        {
            candidate.Run();
            string? sentence = Check(candidate, reference, result);
            double time = Probe(candidate);
            if (sentence is not null)
            {
                wrong.TryAdd(engine, sentence);
                time = double.MaxValue;
            }

            if (time >= least)
            {
                candidate.Dispose();
                continue;
            }

            if (sentence is null)
                wrong.Remove(engine);
            chosen?.Dispose();
            (chosen, least) = (candidate, time);
        }

        if (chosen is null)
            return null;
        double call = Math.Min(least, chosen.Best);
        chosen.Forget();
        return new Contender(engine, chosen, (int)Math.Clamp(Turn / call, 1, 10_000), WarmUps(call));
    }

    private int WarmUps(double call)
    {
        if (threads > 1)
            return (int)Math.Clamp(ThreadsWarmUp / call, 1, 10_000);
        return call < NoWarmUpFrom ? (int)Math.Clamp(WarmUp / call, 1, 10_000) : 0;
    }

    private static double Probe(Candidate candidate)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < ProbeSamples && (i < 2 || Stopwatch.GetElapsedTime(start).TotalSeconds < ProbeSeconds); i++)
            candidate.Sample(1);
        int calls = (int)Math.Clamp(Turn / candidate.Best, 1, 10_000);
        candidate.Forget();
        for (int i = 0; i < ProbeSamples && (i < 2 || Stopwatch.GetElapsedTime(start).TotalSeconds < 2 * ProbeSeconds); i++)
            candidate.Sample(calls);
        return candidate.Best;
    }

    private (double Best, double Median) TakeTurns(List<Contender> contenders)
    {
        var peak = new TimeSamples();
        double operations = FmaPeak.Run(PeakSteps);
        long begin = Stopwatch.GetTimestamp();
        for (int turn = 0; turn < FewestTurns || Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds * contenders.Count; turn++)
        {
            for (int i = 0; i < contenders.Count; i++)
            {
                Contender contender = contenders[(turn + i) % contenders.Count];
                EngineThreads.Settle(threads);
                long start = Stopwatch.GetTimestamp();
                FmaPeak.Run(PeakSteps);
                peak.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
                for (int call = 0; call < contender.WarmUps; call++)
                    contender.Candidate.Run();
                contender.Candidate.Sample(contender.Calls);
            }
        }

        return (operations / peak.Best * threads, operations / peak.Median * threads);
    }
}
