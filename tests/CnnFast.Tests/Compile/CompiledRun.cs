using CnnFast.Compile;
using CnnFast.Graphs;
using CnnFast.Reference;
using CnnFast.Testing;
using CnnFast.Tests.Models;
using CnnFast.Verification;

namespace CnnFast.Tests.Compile;

/// <summary>Runs a model as it was described and as passes rewrote it, and compares.</summary>
internal static class CompiledRun
{
    private const int Batch = 3;

    /// <summary>The plan that passes make of a model.</summary>
    public static ExecutionPlan Plan(Model model, IReadOnlyList<IGraphPass> passes, ConvAlgorithm algorithm = ConvAlgorithm.Auto,
        bool concatenatesInPlace = true) =>
        new(model.Graph,
            new PlanOptions(Batch, SerialScheduler.Instance, algorithm) { Passes = passes, ConcatenatesInPlace = concatenatesInPlace });

    /// <summary>Runs a plan.</summary>
    public static float[] Run(ExecutionPlan plan, float[] input)
    {
        var output = new float[Batch * plan.OutputLength];
        Array.Fill(output, float.NaN);
        var memory = new RunMemory(plan);
        memory.Arena.Fill(float.NaN);
        plan.Run(new ValueMemory(Batch, input, output), memory);
        return output;
    }

    /// <summary>
    /// Asserts that passes keep what a model computes: to the bit where <paramref name="bits"/>, else within the sum of both bounds.
    /// </summary>
    public static ExecutionPlan AssertSame(Model model, IReadOnlyList<IGraphPass> passes, bool bits)
    {
        float[] input = TestModels.Input(model, Batch);
        ExecutionPlan compiled = Plan(model, passes, ConvAlgorithm.Direct);
        float[] expected = Run(Plan(model, [], ConvAlgorithm.Direct, concatenatesInPlace: false), input);
        float[] actual = Run(compiled, input);
        if (bits)
        {
            ErrorMeasure exact = ErrorBound.MeasureExact(actual, expected);
            Assert.True(exact.Holds, exact.Description);
            return compiled;
        }

        var reference = new ReferenceModel(model.Graph, Batch);
        reference.Forward(input);
        double[] magnitude = new ReferenceModel(model.Graph, Batch, absolute: true) { Exact = reference }.Forward(input);
        ErrorMeasure error = ErrorBound.Measure(actual, [.. expected.Select(value => (double)value)], magnitude,
            2 * ReferenceModel.Terms(model.Graph, 1));
        Assert.True(error.Holds, error.Description);
        return compiled;
    }
}
