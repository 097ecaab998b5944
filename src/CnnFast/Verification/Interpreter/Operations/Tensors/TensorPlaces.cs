namespace CnnFast.Verification;

/// <summary>Where elements of tensors lie.</summary>
internal static class TensorPlaces
{
    /// <summary>Goes through all elements in order.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="each">Gets every place and its indices, which are its to read until it returns.</param>
    public static void Walk(Shape shape, Action<int, int[]> each)
    {
        var at = new int[shape.Rank];
        for (int i = 0; i < shape.ElementCount; i++)
        {
            int rest = i;
            for (int d = shape.Rank - 1; d >= 0; d--)
                (rest, at[d]) = Math.DivRem(rest, shape[d]);
            each(i, at);
        }
    }

    /// <summary>The place of an element; dimensions of 1 are repeated.</summary>
    public static int Of(Shape shape, params ReadOnlySpan<int> at)
    {
        int place = 0;
        for (int d = 0; d < shape.Rank; d++)
            place = (place * shape[d]) + (shape[d] == 1 ? 0 : at[d]);
        return place;
    }

    /// <summary>The places along a dimension.</summary>
    public static int[] Line(Shape shape, int dimension, int[] at)
    {
        int[] index = [.. at];
        var places = new int[shape[dimension]];
        for (int i = 0; i < places.Length; i++)
        {
            index[dimension] = i;
            places[i] = Of(shape, index);
        }

        return places;
    }
}
