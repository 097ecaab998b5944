using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>Merges a ZeroPadding2D into the convolution that alone reads it.</summary>
internal sealed class FoldPadding : IGraphPass
{
    public string Name => "FoldPadding";

    public void Run(GraphEdit edit)
    {
        foreach (Node node in edit.Nodes)
        {
            if (FusedConvolutionOperation.Of(node) is not { Before.Count: 0, IsTransposed: false } fused
                || edit.OwnProducer(node.Inputs[0]) is not { Operation: IZeroPadding padding } padded)
                continue;
            Conv2DGeometry g = fused.Geometry;
            (int top, int left, int bottom, int right) = padding.Sides;
            Conv2DGeometry whole = Conv2DGeometry.Create(
                padded.Inputs[0].ShapeFor(1), g.Filter,
                Padding.Explicit(g.PadTop + top, g.PadLeft + left, g.PadBottom + bottom, g.PadRight + right), g.StrideH, g.StrideW,
                g.DilationH, g.DilationW, g.Groups, node.Name);
            edit.Merge(padded, node, node with
            {
                Operation = fused with { Geometry = whole, Kinds = $"{padded.Operation.Kind}+{fused.Kinds}" },
                Inputs = [padded.Inputs[0], .. node.Inputs.Skip(1)],
            });
            edit.Note($"{padded.Operation.Kind} '{padded.Name}' is padding of '{node.Name}'");
        }
    }
}
