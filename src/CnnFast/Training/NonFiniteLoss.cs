using CnnFast.Compile;
using CnnFast.Data;
using CnnFast.Graphs;

namespace CnnFast.Training;

/// <summary>Says where a loss that is infinite or NaN comes from.</summary>
internal static class NonFiniteLoss
{
    /// <summary>The exception, which names the first layer whose values are not finite.</summary>
    public static NotFiniteNumberException Explain(ModelLosses losses, Batch batch, ulong key, FitOptions options, long step, double loss)
    {
        string where = Cause(losses, batch, key, options);
        string message = FormattableString.Invariant($"Trainer.Fit: the loss of step {step} is {loss}; expected a finite number: {where}.");
        return new NotFiniteNumberException(message, loss);
    }

    private static string Cause(ModelLosses losses, Batch batch, ulong key, FitOptions options)
    {
        for (int i = 0; i < losses.Graph.Inputs.Count; i++)
        {
            if (!IsFinite(batch.Input(i)))
                return $"the samples hold values of '{losses.Graph.Inputs[i].Name}' that are not finite";
        }

        foreach (int target in losses.Targets)
        {
            if (!IsFinite(batch.Values(target)))
                return $"the targets hold values that are not finite";
        }

        return FirstLayer(losses, batch, key, options) is { } layer
            ? $"'{layer}' is the first layer whose values are not; lower the learning rate or check the inputs"
            : "lower the learning rate or check the inputs";
    }

    // The values of the step are gone: it is computed again, layer by layer, with the same random numbers.
    private static string? FirstLayer(ModelLosses losses, Batch batch, ulong key, FitOptions options)
    {
        Graph graph = losses.Graph;
        List<int> running = RunningNodes.Of(graph, graph.Outputs, ValueRoots.Of(graph, training: true), training: true);
        ValueInfo[] values = [.. running.Select(index => graph.Nodes[index])
            .Where(node => node.Operation is not ConstantOperation && node.Output.Type == ElementType.Float32)
            .Select(node => node.Output)];
        var plan =
            new TrainingPlan(graph, new TrainingPlanOptions(batch.Count, options.Seed, SerialScheduler.Instance, options.ConvAlgorithm)
            {
                Kept = values,
            });
        ReadOnlyMemory<float>[] inputs = [.. Enumerable.Range(0, graph.Inputs.Count).Select(batch.InputMemory)];
        plan.Forward(new ValueMemory(batch.Count, inputs, default), key);
        return values.FirstOrDefault(value => !IsFinite(plan.Kept(value, new ValueMemory(batch.Count, inputs, default))))?.Name;
    }

    private static bool IsFinite(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
                return false;
        }

        return true;
    }
}
