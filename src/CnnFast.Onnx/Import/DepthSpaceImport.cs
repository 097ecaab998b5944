using CnnFast.Graphs;

namespace CnnFast.Onnx.Import;

/// <summary>
/// Blocks of pixels as channels, and back. Only the layout changes; the elements move once, when an operator needs them elsewhere.
/// </summary>
internal static class DepthSpaceImport
{
    /// <summary>The operators.</summary>
    public static IReadOnlyList<OperatorEntry> Operators { get; } =
    [
        new("DepthToSpace", DepthToSpace),
        new("SpaceToDepth", SpaceToDepth),
    ];

    private static void DepthToSpace(NodeImport node)
    {
        ImportedValue x = node.Input(0);
        int block = Block(node, x);
        bool blocksFirst = node.Choice("mode", "DCR", "DCR", "CRD") == "DCR";
        int n = x.Dimensions[0], c = x.Dimensions[1], h = x.Dimensions[2], w = x.Dimensions[3];
        int rest = c / checked(block * block);
        if (c != rest * block * block)
            throw node.Damaged($"the input has {c} channels; expected a multiple of {block}²");
        int[] parts = blocksFirst ? [n, block, block, rest, h, w] : [n, rest, block, block, h, w];
        Move(node, x, parts, blocksFirst ? [0, 3, 4, 1, 5, 2] : [0, 1, 4, 2, 5, 3], [n, rest, checked(h * block), checked(w * block)]);
    }

    private static void SpaceToDepth(NodeImport node)
    {
        ImportedValue x = node.Input(0);
        int block = Block(node, x);
        int n = x.Dimensions[0], c = x.Dimensions[1], h = x.Dimensions[2], w = x.Dimensions[3];
        if (h % block != 0 || w % block != 0)
            throw node.Damaged(
                $"the input is [{string.Join(", ", x.Dimensions)}]; expected a height and a width that are multiples of {block}");
        Move(node, x, [n, c, h / block, block, w / block, block], [0, 3, 5, 1, 2, 4],
            [n, checked(c * block * block), h / block, w / block]);
    }

    private static int Block(NodeImport node, ImportedValue x)
    {
        int block = node.Int("blocksize", 0);
        if (block < 1)
            throw node.Damaged($"the attribute blocksize is {block}; expected at least 1");
        return x.Rank == 4 ? block : throw node.Damaged($"the input is [{string.Join(", ", x.Dimensions)}]; expected [N, C, H, W]");
    }

    private static void Move(NodeImport node, ImportedValue x, int[] parts, int[] order, int[] dimensions)
    {
        if (x.Count == 0)
        {
            node.Set(GraphImport.Empty(x.Type, dimensions));
            return;
        }

        ImportedValue cut = ShapeImport.WithDimensions(node.Graph, x, parts);
        int[] moved = [.. order.Select(dimension => parts[dimension])];
        ImportedValue placed = cut.Layout is { } layout
            ? new ImportedValue(cut.Info!, moved, layout.Transpose(order))
            : node.Graph.ToValue(node.Graph.As(cut, order), moved);
        node.Set(ShapeImport.WithDimensions(node.Graph, placed, dimensions));
    }
}
