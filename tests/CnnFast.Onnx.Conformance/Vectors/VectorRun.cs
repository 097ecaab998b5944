using CnnFast.Onnx.Conformance.Running;
using CnnFast.Onnx.Proto;
using Google.Protobuf;

namespace CnnFast.Onnx.Conformance.Vectors;

/// <summary>Runs a vector as it is, and then with all inputs but the first as initialisers.</summary>
internal static class VectorRun
{
    /// <summary>ONNX's own runner allows a relative 1e-3 and an absolute 1e-7.</summary>
    public static Bound Bound { get; } = new(1e-4, 0, 1e-5, "a tenth of what ONNX's own runner allows, and room for sums that cancel");

    /// <summary>The expanded window functions expect what other code than the model's own nodes computed.</summary>
    public static Bound WindowBound { get; } = new(1e-3, 0, 1e-5, "ONNX's own relative bound");

    public static VectorResult Run(Vector vector, IOnnxRunner runner)
    {
        Bound bound = vector.Name.Contains("window", StringComparison.Ordinal) ? WindowBound : Bound;
        VectorResult? first = null;
        foreach (string dataSet in vector.DataSets())
        {
            IReadOnlyDictionary<string, OnnxTensor>? inputs = vector.Inputs(dataSet);
            IReadOnlyDictionary<string, OnnxTensor>? outputs = vector.Outputs(dataSet);
            VectorResult result = Run(vector.Files["model.onnx"], inputs, outputs, runner, bound);
            if (result.Outcome != VectorOutcome.Fail && inputs?.Count > 1 && vector.Name.StartsWith("node/", StringComparison.Ordinal))
            {
                (byte[] model, Dictionary<string, OnnxTensor> remaining) = WithInitializers(vector.Model(), inputs);
                VectorResult second = Run(model, remaining, outputs, runner, bound);
                if (second.Outcome != result.Outcome)
                    result = new VectorResult(VectorOutcome.Fail, $"inputs at run time: {result}; as initialisers: {second}");
            }

            first ??= result;
            if (result.Outcome != first.Outcome || result.Outcome == VectorOutcome.Fail)
                return new VectorResult(VectorOutcome.Fail,
                    result.Outcome == VectorOutcome.Fail ? result.Text : $"{dataSet}: {result}, before {first}");
        }

        return first!;
    }

    private static VectorResult Run(byte[] model, IReadOnlyDictionary<string, OnnxTensor>? inputs,
        IReadOnlyDictionary<string, OnnxTensor>? outputs, IOnnxRunner runner, Bound bound)
    {
        try
        {
            IReadOnlyDictionary<string, OnnxTensor> given = runner.Run(model, inputs is null ? null : [inputs])[0];
            if (outputs is null)
                return new VectorResult(VectorOutcome.Fail, "ran, though the expected outputs have types that it does not support");
            return Comparison.Difference(outputs, given, bound) is { } difference
                ? new VectorResult(VectorOutcome.Fail, difference)
                : new VectorResult(VectorOutcome.Pass, "");
        }
        catch (NotSupportedException refused)
        {
            GraphProto graph = ModelProto.Parser.ParseFrom(model).Graph;
            IEnumerable<string> names = graph.Node.Select(node => node.OpType)
                .Concat(graph.Input.Concat(graph.Output).Select(value => value.Name));
            string message = refused.Message.ReplaceLineEndings(" ");
            return names.Any(name => message.Contains(name, StringComparison.Ordinal))
                ? new VectorResult(VectorOutcome.NotSupported, message)
                : new VectorResult(VectorOutcome.Fail, $"refused without naming an operator, input or output: {message}");
        }
#pragma warning disable CA1031 // Whatever escapes is what the test reports.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return new VectorResult(VectorOutcome.Fail, $"{exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")}");
        }
    }

    public static (byte[] Model, Dictionary<string, OnnxTensor> Inputs) WithInitializers(ModelProto model,
        IReadOnlyDictionary<string, OnnxTensor> inputs)
    {
        var remaining = new Dictionary<string, OnnxTensor>();
        // Before version 4 of the format an initialiser had to be an input too.
        model.IrVersion = Math.Max(model.IrVersion, 4);
        foreach ((string name, OnnxTensor tensor) in inputs)
        {
            if (remaining.Count == 0)
            {
                remaining.Add(name, tensor);
                continue;
            }

            model.Graph.Initializer.Add(VectorTensor.Write(name, tensor));
            model.Graph.Input.Remove(model.Graph.Input.Single(input => input.Name == name));
        }

        return (model.ToByteArray(), remaining);
    }
}
