using System.Globalization;
using CnnFast.Visualization;

namespace CnnFast.Benchmarks.Peers;

/// <summary>
/// Times one model: this library, ONNX Runtime as it is by default, and the fastest of its tuned variants take turns of some milliseconds
/// or one run, each run timed alone, and the outputs are held against each other before and after.
/// </summary>
/// <param name="batch">Samples of a run.</param>
/// <param name="threads">Threads of each engine.</param>
/// <param name="seconds">Seconds to spend on each engine and model.</param>
/// <param name="steadyOnly">Whether the first second is left out.</param>
internal sealed class ModelTimer(int batch, int threads, double seconds, bool steadyOnly)
{
    // Of the largest output: far above the rounding of any order of sums, Winograd's too, far below one wrong weight.
    private const double Tolerance = 1e-4;

    private const int AllocationRuns = 20;

    /// <summary>The samples of a run, one after the other.</summary>
    public static float[] InputOf(Model model, int batch) => Testing.SeededData.Uniform(batch * model.InputShape.ElementCount, 1);

    public ModelRow Run(string name)
    {
        Model model = ModelCatalog.Build(name);
        float[] input = InputOf(model, batch);
        using var ours = new CnnFastRunner(model, [input], batch, threads);
        return Run(name, ours, (engine, variant) => new OnnxRuntimeRunner(engine, variant, model, input, batch, threads),
            OnnxRuntimeVariant.Tuned, () => FirstSecond.OfModel(name, batch, threads));
    }

    /// <summary>Times ours against the peer by default and the fastest of its tuned variants.</summary>
    public ModelRow Run(string name, CnnFastRunner ours, Func<string, OnnxRuntimeVariant, ModelRunner> createPeer,
        IEnumerable<OnnxRuntimeVariant> variants, Func<FirstSecond> measureFirst)
    {
        using ModelRunner byDefault = createPeer("ort-default", OnnxRuntimeVariant.Default);
        using ModelRunner tuned = ChooseTuned(variants.Select(variant => createPeer("ort-tuned", variant)));
        ModelRunner[] runners = [ours, byDefault, tuned];
        bool isSteady = true;
        foreach (ModelRunner runner in runners)
            isSteady &= SteadyState.Reach(runner.Run);
        double[] calls = [.. runners.Select(Turns.Probe)];
        (double difference, string? wrong) = Compare(name, ours, byDefault, tuned);
        double allocated = ours.MeasureAllocation(AllocationRuns);
        new Turns(threads, seconds).Take(runners, calls);
        (double after, string? wrongAfter) = Compare(name, ours, byDefault, tuned);
        return new ModelRow(name, batch, threads, ours.Time, [byDefault.Time, tuned.Time], allocated, Math.Max(difference, after),
            wrong ?? wrongAfter, steadyOnly ? null : measureFirst(), isSteady);
    }

    private static (double Difference, string? Wrong) Compare(string name, ModelRunner ours, params ReadOnlySpan<ModelRunner> peers)
    {
        IReadOnlyList<float[]> actual = ours.Read();
        double worst = 0;
        string? sentence = null;
        foreach (ModelRunner peer in peers)
        {
            IReadOnlyList<float[]> expected = peer.Read();
            for (int output = 0; output < actual.Count; output++)
            {
                (double difference, int at) = Farthest(actual[output], expected[output]);
                worst = Math.Max(worst, difference);
                if (!(difference <= Tolerance))
                    sentence = string.Create(
                        CultureInfo.InvariantCulture,
                        $"{name}: element {at} of output {output} is {actual[output][at]:G9}, in {peer.Engine} ({peer.Variant}) " +
                        $"{expected[output][at]:G9}, which is {difference:G3} of the largest");
            }
        }

        return (worst, sentence);
    }

    // By the largest expected value; what is no number is as far as can be.
    private static (double Difference, int At) Farthest(float[] actual, float[] expected)
    {
        double largest = expected.Max(Math.Abs);
        if (largest == 0)
            largest = 1;
        double worst = 0;
        int at = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs(actual[i] - expected[i]) / largest;
            if (double.IsNaN(difference))
                return (double.PositiveInfinity, i);
            if (difference > worst)
                (worst, at) = (difference, i);
        }

        return (worst, at);
    }

    private static ModelRunner ChooseTuned(IEnumerable<ModelRunner> candidates)
    {
        ModelRunner? chosen = null;
        double least = double.PositiveInfinity;
        foreach (ModelRunner runner in candidates)
        {
            double time = Turns.Probe(runner);
            (ModelRunner? dropped, chosen, least) = time < least ? (chosen, runner, time) : (runner, chosen, least);
            dropped?.Dispose();
        }

        return chosen!;
    }
}
