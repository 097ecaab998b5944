using System.Collections.Immutable;
using CnnFast.Data;
using CnnFast.Graphs;

namespace CnnFast;

/// <summary>
/// What number a byte of an image stands for: <c>value · Scale[c] + Offset[c]</c> for channel c. Immutable.
/// </summary>
public sealed record ByteInput
{
    private ByteInput(ImmutableArray<double> scale, ImmutableArray<double> offset)
    {
        Scale = scale;
        Offset = offset;
    }

    /// <summary>What a byte is multiplied by: one number a channel, or a single one for all.</summary>
    public ImmutableArray<double> Scale { get; }

    /// <summary>What is added after: as many numbers.</summary>
    public ImmutableArray<double> Offset { get; }

    /// <summary>The numbers of a normalisation, such as <see cref="Model.Normalization"/>.</summary>
    /// <param name="normalization">The numbers.</param>
    /// <returns>The byte input.</returns>
    public static ByteInput From(Normalization normalization) => new(
        [.. Enumerable.Range(0, normalization.Channels).Select(normalization.ScaleOf)],
        [.. Enumerable.Range(0, normalization.Channels).Select(normalization.OffsetOf)]);

    /// <summary><c>value · scale[c] + offset[c]</c>.</summary>
    /// <param name="scale">One number a channel: finite and not 0.</param>
    /// <param name="offset">As many: finite.</param>
    /// <returns>The byte input.</returns>
    /// <exception cref="ArgumentException">There is no number, there are not as many of both, or one is out of range.</exception>
    public static ByteInput Create(ReadOnlySpan<double> scale, ReadOnlySpan<double> offset)
    {
        if (scale.IsEmpty || scale.Length != offset.Length)
            throw new ArgumentException($"ByteInput: {scale.Length} scales and {offset.Length} offsets were given; " +
                "expected one of each for every channel, or one of each for all.", nameof(scale));
        for (int c = 0; c < scale.Length; c++)
            _ = new Normalization(scale[c], offset[c]);
        return new ByteInput([.. scale], [.. offset]);
    }

    /// <summary>
    /// <c>(value / 255 − mean[c]) / std[c]</c>, as models trained on ImageNet expect with mean (0.485, 0.456, 0.406)
    /// and std (0.229, 0.224, 0.225).
    /// </summary>
    /// <param name="mean">The mean on the scale of 0 to 1, one a channel.</param>
    /// <param name="std">The standard deviation on the same scale, above 0, one a channel.</param>
    /// <returns>The byte input.</returns>
    /// <exception cref="ArgumentException">There is no number, there are not as many of both, or one is out of range.</exception>
    public static ByteInput FromMeanStd(ReadOnlySpan<double> mean, ReadOnlySpan<double> std)
    {
        if (mean.IsEmpty || mean.Length != std.Length)
            throw new ArgumentException($"ByteInput: {mean.Length} means and {std.Length} standard deviations were given; " +
                "expected one of each for every channel, or one of each for all.", nameof(mean));
        return From(Normalization.FromMeanStd(mean, std));
    }

    internal double ScaleOf(int channel) => Scale[Scale.Length == 1 ? 0 : channel];

    internal double OffsetOf(int channel) => Offset[Offset.Length == 1 ? 0 : channel];

    /// <summary>Throws unless the numbers serve a model.</summary>
    /// <exception cref="ShapeException">The model's input is no image of as many channels.</exception>
    internal void RequireFit(IReadOnlyList<TensorInfo> inputs, IReadOnlyList<TensorInfo> outputs)
    {
        if (outputs.Count != 1)
            throw new ShapeException($"InferenceSession: ByteInput is given for a model with {outputs.Count} outputs; expected one.");
        if (inputs.Count != 1 || inputs[0].Shape.Rank != 3)
            throw new ShapeException("InferenceSession: ByteInput is given for a model whose inputs are " +
                $"{string.Join(", ", inputs.Select(input => $"'{input.Name}' {ShapeText.OfSample(input.Shape)}"))}; " +
                "expected a single input of images (N, H, W, C).");
        if (Scale.Length != 1 && Scale.Length != inputs[0].Shape[2])
            throw new ShapeException($"InferenceSession: ByteInput has numbers for {Scale.Length} channels; " +
                $"the model's images have {inputs[0].Shape[2]}: expected as many, or one for all.");
    }
}
