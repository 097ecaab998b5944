namespace CnnFast.Graphs;

/// <summary>The common shape of tensors of one rank, where a dimension of 1 goes with any other.</summary>
internal static class BroadcastShape
{
    /// <summary>The common shape.</summary>
    /// <exception cref="ShapeException">The shapes do not fit; the message gives them.</exception>
    public static Shape Of(string who, IReadOnlyList<Shape> shapes)
    {
        int[] common = shapes[0].Dimensions.ToArray();
        foreach (Shape shape in shapes)
        {
            for (int i = 0; i < common.Length; i++)
            {
                if (shape.Rank != common.Length || (shape[i] != common[i] && shape[i] != 1 && common[i] != 1))
                    throw new ShapeException(
                        $"{who}: the inputs have shapes {string.Join(" and ", shapes)}; expected dimensions that are the same or 1.");
                if (common[i] == 1)
                    common[i] = shape[i];
            }
        }

        return new Shape(common);
    }

    /// <summary>The distances in one tensor from an element of the common shape to the next; 0 along its dimensions of 1.</summary>
    public static long[] Strides(Shape shape, Shape common)
    {
        long[] strides = StridedCopyStep.StridesOf(shape);
        for (int i = 0; i < strides.Length; i++)
        {
            if (shape[i] == 1 && common[i] != 1)
                strides[i] = 0;
        }

        return strides;
    }

    /// <summary>Whether sample i of the result needs sample i alone: whole tensors have 1 where the samples are.</summary>
    public static bool KeepsBatch(IReadOnlyList<Shape> inputs, IReadOnlyList<bool> isWhole)
    {
        for (int i = 0; i < inputs.Count; i++)
        {
            if (isWhole[i] && inputs[i][0] != 1)
                return false;
        }

        return true;
    }
}
