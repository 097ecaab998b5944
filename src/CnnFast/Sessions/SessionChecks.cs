using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using CnnFast.Compile;
using CnnFast.Graphs;

namespace CnnFast;

/// <summary>What the runs of an <see cref="InferenceSession"/> check of their arguments.</summary>
internal static class SessionChecks
{
    /// <summary>The number of samples of a plan's only input and output.</summary>
    /// <exception cref="ShapeException">A length does not fit.</exception>
    public static int BatchOf(string method, ExecutionPlan plan, int inputLength, int outputLength)
    {
        int n = inputLength / plan.InputLength;
        if (n < 1 || n > plan.MaxBatch || inputLength != n * plan.InputLength)
            throw WrongInput(method, plan, inputLength);
        return outputLength == n * plan.OutputLength
            ? n
            : throw new ShapeException($"InferenceSession.{method}: the output has {outputLength} values; expected " +
                $"{(long)n * plan.OutputLength} for {n} {(n == 1 ? "sample" : "samples")} of {ShapeText.OfSample(plan.Outputs[0].Shape)}.");
    }

    /// <summary>Throws unless all inputs and outputs are of floats.</summary>
    /// <exception cref="NotSupportedException">One is not.</exception>
    public static void RequireFloats(Model model)
    {
        foreach (TensorInfo tensor in model.Inputs.Concat(model.Outputs))
        {
            if (tensor.ElementType != ElementType.Float32)
                throw new NotSupportedException(
                    $"InferenceSession: '{tensor.Name}' is of {tensor.ElementType}; sessions take and give floats: " +
                    "run the model with OnnxModel.Run.");
        }
    }

    /// <summary>Throws unless a model can run as many samples as asked for.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The model computes one batch of fixed size, and MaxBatch is above 1.</exception>
    public static void RequireBatch(Model model, SessionOptions options)
    {
        if (options.MaxBatch > 1 && model.Inputs.Concat(model.Outputs).FirstOrDefault(tensor => !tensor.HasBatch) is { } tensor)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options),
                $"InferenceSession: MaxBatch is {options.MaxBatch}; expected 1, because the model computes one batch of fixed size: "
                + $"the shape of '{tensor.Name}', {tensor.Shape}, holds it.");
        }
    }

    /// <summary>The number of samples that all memories hold.</summary>
    /// <exception cref="ArgumentException">There are more or fewer memories than inputs or outputs, or two overlap.</exception>
    /// <exception cref="ShapeException">A length does not fit.</exception>
    public static int BatchOf(string method, InferenceSession session, ReadOnlySpan<ReadOnlyMemory<float>> inputs,
        ReadOnlySpan<Memory<float>> outputs)
    {
        if (inputs.Length != session.Inputs.Count || outputs.Length != session.Outputs.Count)
            throw new ArgumentException($"InferenceSession.{method}: {inputs.Length} inputs and {outputs.Length} outputs were given; " +
                $"expected {session.Inputs.Count} and {session.Outputs.Count}.", nameof(inputs));
        int n = inputs.IsEmpty ? 1 : Math.Clamp(inputs[0].Length / session.Plan.Inputs[0].SampleLength, 1, session.MaxBatch);
        for (int i = 0; i < inputs.Length; i++)
            RequireLength(method, "input", session.Inputs[i], session.Plan.Inputs[i].SampleLength, inputs[i].Length, n, session.MaxBatch);
        for (int i = 0; i < outputs.Length; i++)
        {
            RequireLength(method, "output", session.Outputs[i], session.Plan.Outputs[i].SampleLength, outputs[i].Length, n,
                session.MaxBatch);
            RequireSeparate(method, session, inputs, outputs, i);
        }

        return n;
    }

    /// <summary>The memories in the order of the model.</summary>
    /// <exception cref="ArgumentException">A name is missing or unknown.</exception>
    public static T[] InOrder<T>(string what, IReadOnlyList<TensorInfo> expected, IReadOnlyDictionary<string, T> given)
    {
        foreach (string name in given.Keys)
        {
            if (expected.All(tensor => tensor.Name != name))
                throw new ArgumentException($"InferenceSession.Run: there is no {what} '{name}'; expected {Names(expected)}.", what + "s");
        }

        var ordered = new T[expected.Count];
        for (int i = 0; i < ordered.Length; i++)
        {
            if (!given.TryGetValue(expected[i].Name, out T? memory))
                throw new ArgumentException(
                    $"InferenceSession.Run: the {what} '{expected[i].Name}' is missing; expected {Names(expected)}.", what + "s");
            ordered[i] = memory;
        }

        return ordered;
    }

    /// <summary>The number of samples of a tensor.</summary>
    /// <exception cref="ShapeException">Its shape does not fit, or it has gaps.</exception>
    public static int RequireDense(string what, in ReadOnlyTensorSpan<float> tensor, Shape sample)
    {
        bool fits = tensor.Rank == sample.Rank + 1 && tensor.Lengths[0] >= 1;
        for (int i = 0; fits && i < sample.Rank; i++)
            fits = tensor.Lengths[i + 1] == sample[i];
        if (!fits)
            throw new ShapeException("InferenceSession.Run: " +
                $"the {what} tensor has the shape [{string.Join(", ", tensor.Lengths.ToArray())}]; expected {ShapeText.OfSample(sample)}.");
        if (!tensor.IsDense)
            throw new ShapeException($"InferenceSession.Run: the {what} tensor has gaps between its elements (strides " +
                $"[{string.Join(", ", tensor.Strides.ToArray())}]); expected a dense one, such as a copy of it.");
        return (int)tensor.Lengths[0];
    }

    /// <summary>The elements of a dense tensor.</summary>
    public static ReadOnlySpan<float> Elements(in ReadOnlyTensorSpan<float> tensor) =>
        MemoryMarshal.CreateReadOnlySpan(in tensor.GetPinnableReference(), checked((int)tensor.FlattenedLength));

    /// <summary>The elements of a dense tensor.</summary>
    public static Span<float> Elements(in TensorSpan<float> tensor) =>
        MemoryMarshal.CreateSpan(ref tensor.GetPinnableReference(), checked((int)tensor.FlattenedLength));

    private static void RequireSeparate(string method, InferenceSession session, ReadOnlySpan<ReadOnlyMemory<float>> inputs,
        ReadOnlySpan<Memory<float>> outputs, int index)
    {
        ReadOnlySpan<float> output = outputs[index].Span;
        for (int i = 0; i < inputs.Length; i++)
        {
            if (output.Overlaps(inputs[i].Span))
                throw new ArgumentException($"InferenceSession.{method}: the output '{session.Outputs[index].Name}' overlaps the input " +
                    $"'{session.Inputs[i].Name}'; expected separate memory.", nameof(outputs));
        }

        for (int i = 0; i < index; i++)
        {
            if (output.Overlaps(outputs[i].Span))
                throw new ArgumentException($"InferenceSession.{method}: the outputs '{session.Outputs[i].Name}' and " +
                    $"'{session.Outputs[index].Name}' overlap; expected separate memory.", nameof(outputs));
        }
    }

    private static void RequireLength(string method, string what, TensorInfo tensor, int sampleLength, int length, int n, int maxBatch)
    {
        if (length != (long)n * sampleLength)
            throw new ShapeException($"InferenceSession.{method}: the {what} '{tensor.Name}' has {length} values; " +
                $"expected {(long)n * sampleLength} for {n} {(n == 1 ? "sample" : "samples")} of {ShapeText.OfSample(tensor.Shape)}, " +
                $"and at most MaxBatch, {maxBatch}.");
    }

    private static ShapeException WrongInput(string method, ExecutionPlan plan, int length)
    {
        string shape = ShapeText.OfSample(plan.Inputs[0].Shape);
        if (length > 0 && length % plan.InputLength == 0)
            return new ShapeException($"InferenceSession.{method}: the input has {length} values, {length / plan.InputLength} samples of " +
                $"{shape}; expected at most MaxBatch, which is {plan.MaxBatch}.");
        string expected = plan.MaxBatch == 1
            ? $"{plan.InputLength} for one sample"
            : $"a multiple of {plan.InputLength} for 1 to {plan.MaxBatch} samples";
        return new ShapeException(
            $"InferenceSession.{method}: the input has {length} values; expected {expected} of {shape}.");
    }

    private static string Names(IReadOnlyList<TensorInfo> tensors) => string.Join(", ", tensors.Select(tensor => $"'{tensor.Name}'"));
}
