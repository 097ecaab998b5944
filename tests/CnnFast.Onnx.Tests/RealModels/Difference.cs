using System.Globalization;

namespace CnnFast.Onnx.Tests.RealModels;

/// <summary>The largest difference of two arrays as a part of the largest value.</summary>
internal static class Difference
{
    /// <summary>What a real model may differ by with direct algorithms.</summary>
    public const double Bound = 1e-4;

    public static double Relative(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected)
    {
        Assert.Equal(expected.Length, actual.Length);
        double largest = 0, magnitude = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(float.IsFinite(actual[i]), $"element {i} is {actual[i]}; expected {expected[i]}");
            largest = Math.Max(largest, Math.Abs((double)actual[i] - expected[i]));
            magnitude = Math.Max(magnitude, Math.Abs(expected[i]));
        }

        return largest / magnitude;
    }

    public static void Holds(string what, ReadOnlySpan<float> actual, ReadOnlySpan<float> expected)
    {
        double relative = Relative(actual, expected);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {relative:G3} of max |y|"));
        Assert.True(relative <= Bound,
            string.Create(CultureInfo.InvariantCulture, $"{what}: differs by {relative:G3} of max |y|; expected at most {Bound:G}"));
    }

    /// <summary>Dimensions in another order: dimension i of the result is dimension order[i].</summary>
    public static float[] Transposed(ReadOnlySpan<float> values, IReadOnlyList<int> dimensions, int[] order)
    {
        var strides = new int[dimensions.Count];
        int stride = 1;
        for (int i = strides.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= dimensions[i];
        }

        var result = new float[values.Length];
        for (int to = 0; to < result.Length; to++)
        {
            int rest = to, from = 0;
            for (int i = order.Length - 1; i >= 0; i--)
            {
                from += rest % dimensions[order[i]] * strides[order[i]];
                rest /= dimensions[order[i]];
            }

            result[to] = values[from];
        }

        return result;
    }
}
