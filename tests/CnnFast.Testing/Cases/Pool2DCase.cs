using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>
/// One pooling to test, with seeded data and what the reference makes of it. Immutable and thread-safe; data is made anew by each call.
/// </summary>
/// <param name="Geometry">The sizes.</param>
/// <param name="Seed">The seed of all tensors.</param>
public sealed record Pool2DCase(Pool2DGeometry Geometry, int Seed)
{
    /// <summary>Whether windows differ in size, as those of adaptive pooling do; padding there is none.</summary>
    internal bool IsAdaptive => Geometry.Rows.IsAdaptive || Geometry.Columns.IsAdaptive;

    /// <summary>The input <c>[N, H, W, C]</c>.</summary>
    /// <returns>Values in [−1, 1).</returns>
    public float[] X() => SeededData.Uniform(Geometry.Input.ElementCount, (Seed * 4) + 0);

    /// <summary>An input <c>[N, H, W, C]</c> of few values, so that most windows hold their maximum more than once.</summary>
    /// <returns>−1, 0 and 1.</returns>
    public float[] XWithTies() => Array.ConvertAll(SeededData.Integers(Geometry.Input.ElementCount, 3, (Seed * 4) + 1), v => v - 1f);

    /// <summary>An input <c>[N, H, W, C]</c> in which about one element of sixteen is NaN.</summary>
    /// <returns>Values in [−1, 1) and NaN.</returns>
    public float[] XWithNaN()
    {
        float[] x = X();
        int[] marks = SeededData.Integers(x.Length, 16, (Seed * 4) + 2);
        for (int i = 0; i < x.Length; i++)
            x[i] = marks[i] == 0 ? float.NaN : x[i];
        return x;
    }

    /// <summary>The gradient of the output <c>[N, OH, OW, C]</c>.</summary>
    /// <returns>Values in [−1, 1).</returns>
    public float[] DY() => SeededData.Uniform(Geometry.Output.ElementCount, (Seed * 4) + 3);

    /// <summary>What max pooling must give, exactly: a maximum is one of its inputs.</summary>
    /// <param name="x">The input, such as <see cref="X"/>.</param>
    /// <returns>The output <c>[N, OH, OW, C]</c>.</returns>
    public float[] ExpectMaxForward(ReadOnlySpan<float> x)
    {
        var values = new double[Geometry.Output.ElementCount];
        MaxForward(SeededData.ToDouble(x), values);
        return Array.ConvertAll(values, v => (float)v);
    }

    /// <summary>What the backward pass of max pooling should give from <see cref="DY"/>.</summary>
    /// <param name="x">The input of the forward pass, such as <see cref="X"/>.</param>
    /// <returns>The gradient <c>[N, H, W, C]</c>.</returns>
    public ExpectedTensor ExpectMaxBackward(ReadOnlySpan<float> x)
    {
        var values = new double[Geometry.Input.ElementCount];
        var magnitudes = new double[values.Length];
        MaxBackward(SeededData.ToDouble(x), SeededData.ToDouble(DY()), values);
        MaxBackward(SeededData.ToDouble(x), SeededData.ToMagnitude(DY()), magnitudes);
        return new ExpectedTensor(values, magnitudes, Terms);
    }

    /// <summary>What average pooling of <see cref="X"/> should give.</summary>
    /// <param name="countPadding">Whether padding counts as cells.</param>
    /// <returns>The output <c>[N, OH, OW, C]</c>.</returns>
    public ExpectedTensor ExpectAverageForward(bool countPadding)
    {
        var values = new double[Geometry.Output.ElementCount];
        var magnitudes = new double[values.Length];
        AverageForward(SeededData.ToDouble(X()), values, countPadding);
        AverageForward(SeededData.ToMagnitude(X()), magnitudes, countPadding);
        return new ExpectedTensor(values, magnitudes, Terms);
    }

    /// <summary>What the backward pass of average pooling should give from <see cref="DY"/>.</summary>
    /// <param name="countPadding">Whether padding counts as cells.</param>
    /// <returns>The gradient <c>[N, H, W, C]</c>.</returns>
    public ExpectedTensor ExpectAverageBackward(bool countPadding)
    {
        var values = new double[Geometry.Input.ElementCount];
        var magnitudes = new double[values.Length];
        AverageBackward(SeededData.ToDouble(DY()), values, countPadding);
        AverageBackward(SeededData.ToMagnitude(DY()), magnitudes, countPadding);
        return new ExpectedTensor(values, magnitudes, Terms);
    }

    /// <summary>The sizes and the seed on one line.</summary>
    public override string ToString() => $"{Geometry} (seed {Seed})";

    // Of the windows that differ, several may read a pixel.
    private long Terms => ((long)Geometry.KH * Geometry.KW) + (IsAdaptive ? (long)Geometry.OH * Geometry.OW : 0);

    private void MaxForward(double[] x, double[] y)
    {
        if (IsAdaptive)
            ReferenceAdaptivePool2D.MaxForward(Geometry.Input, Geometry.Output, x, y);
        else
            ReferencePool2D.MaxForward(Geometry, x, y);
    }

    private void MaxBackward(double[] x, double[] dy, double[] dx)
    {
        if (IsAdaptive)
            ReferenceAdaptivePool2D.MaxBackward(Geometry.Input, Geometry.Output, x, dy, dx);
        else
            ReferencePool2D.MaxBackward(Geometry, x, dy, dx);
    }

    private void AverageForward(double[] x, double[] y, bool countPadding)
    {
        if (IsAdaptive)
            ReferenceAdaptivePool2D.AverageForward(Geometry.Input, Geometry.Output, x, y);
        else
            ReferencePool2D.AverageForward(Geometry, x, y, countPadding);
    }

    private void AverageBackward(double[] dy, double[] dx, bool countPadding)
    {
        if (IsAdaptive)
            ReferenceAdaptivePool2D.AverageBackward(Geometry.Input, Geometry.Output, dy, dx);
        else
            ReferencePool2D.AverageBackward(Geometry, dy, dx, countPadding);
    }
}
