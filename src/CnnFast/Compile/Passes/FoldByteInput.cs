using System.Collections.Immutable;
using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>
/// Lets a graph read bytes. Where a convolution alone reads the input, the numbers that the bytes stand for go into its weights, and its
/// padding is written with the bytes: as the byte, not always whole, that stands for zero, so that the border still is zero to the layer.
/// Else the numbers are looked up first.
/// </summary>
internal sealed class FoldByteInput(ByteInput input) : IGraphPass
{
    public string Name => "FoldByteInput";

    public void Run(GraphEdit edit)
    {
        ValueInfo image = edit.Inputs[0];
        if (edit.OnlyConsumer(image) is { } node && node.Inputs[0].Id == image.Id
            && FusedConvolutionOperation.Of(node) is { IsTransposed: false } fused
            && FillOf(fused.Geometry.C).All(float.IsFinite)
            && fused with { Before = [new AffineStage(new ByteStage(input), 0), .. fused.Before] } is var folded
            && folded.HasFiniteWeights(node.Parameters))
        {
            FoldInto(edit, image, node, folded);
            return;
        }

        ValueInfo numbers = edit.NewValue($"{image.Name}.numbers", image.Shape);
        edit.Redirect(image, numbers);
        edit.InsertFirst(new Node(numbers.Name, new ByteNormalizationOperation(input), [image], numbers, []));
        edit.Note($"the bytes of '{image.Name}' become numbers by a table");
    }

    // The byte that stands for zero, one a channel.
    private IEnumerable<float> FillOf(int channels) =>
        Enumerable.Range(0, channels).Select(c => (float)(-input.OffsetOf(c) / input.ScaleOf(c)));

    private void FoldInto(GraphEdit edit, ValueInfo image, Node node, FusedConvolutionOperation folded)
    {
        Conv2DGeometry g = folded.Geometry;
        ImmutableArray<float> fill = [.. FillOf(g.C)];
        var operation = new ByteImageOperation(g.PadTop, g.PadLeft, g.PadBottom, g.PadRight, fill);
        ValueInfo padded = edit.NewValue($"{image.Name}.bytes",
            operation.InferShape(image.Name, [image.Shape.WithBatch(1)]).WithoutBatch());
        Conv2DGeometry valid = Conv2DGeometry.Create(padded.Shape.WithBatch(1), g.Filter, Padding.Valid, g.StrideH, g.StrideW, g.DilationH,
            g.DilationW, g.Groups, node.Name);
        edit.Replace(node, node with
        {
            Operation = folded with { Geometry = valid },
            Inputs = [padded, .. node.Inputs.Skip(1)],
        });
        edit.InsertFirst(new Node(padded.Name, operation, [image], padded, []));
        edit.Note($"the numbers behind the bytes of '{image.Name}' are folded into the weights of '{node.Name}'");
    }
}
