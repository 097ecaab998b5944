using CnnFast.Kernels;
using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>
/// One convolution to test, with seeded data and what the reference makes of it. Immutable and thread-safe; data is made anew by each call.
/// </summary>
/// <param name="Geometry">The sizes.</param>
/// <param name="Seed">The seed of all tensors.</param>
public sealed record Conv2DCase(Conv2DGeometry Geometry, int Seed)
{
    /// <summary>The input <c>[N, H, W, C]</c>.</summary>
    /// <returns>Values in [−1, 1).</returns>
    public float[] X() => SeededData.Uniform(Geometry.Input.ElementCount, (Seed * 4) + 0);

    /// <summary>The filter <c>[KH, KW, C/G, OC]</c>.</summary>
    /// <returns>Values in [−1, 1).</returns>
    public float[] W() => SeededData.Uniform(Geometry.Filter.ToShape().ElementCount, (Seed * 4) + 1);

    /// <summary>The bias <c>[OC]</c>.</summary>
    /// <returns>Values in [−1, 1).</returns>
    public float[] Bias() => SeededData.Uniform(Geometry.OC, (Seed * 4) + 2);

    /// <summary>The gradient of the output <c>[N, OH, OW, OC]</c>.</summary>
    /// <returns>Values in [−1, 1).</returns>
    public float[] DY() => SeededData.Uniform(Geometry.Output.ElementCount, (Seed * 4) + 3);

    /// <summary>What is added before the activation <c>[N, OH, OW, OC]</c>.</summary>
    /// <returns>Values in [−1, 1).</returns>
    public float[] Residual() => SeededData.Uniform(Geometry.Output.ElementCount, (Seed * 4) + 100_003);

    /// <summary>The bias of the transposed convolution <c>[C]</c>.</summary>
    /// <returns>Values in [−1, 1).</returns>
    public float[] TransposedBias() => SeededData.Uniform(Geometry.C, (Seed * 4) + 200_001);

    /// <summary>What the transposed convolution adds before its activation <c>[N, H, W, C]</c>.</summary>
    /// <returns>Values in [−1, 1).</returns>
    public float[] TransposedResidual() => SeededData.Uniform(Geometry.Input.ElementCount, (Seed * 4) + 200_002);

    /// <summary>The same case for fewer (or more) images, with the same filter and bias; the data of the images is the same.</summary>
    /// <param name="n">Images.</param>
    /// <returns>The case.</returns>
    public Conv2DCase WithBatch(int n) => new(Geometry.WithBatch(n), Seed);

    /// <summary>What the forward pass should give for <see cref="X"/> and <see cref="W"/>.</summary>
    /// <param name="withBias">Whether <see cref="Bias"/> is added.</param>
    /// <param name="activation">The activation of the output.</param>
    /// <returns>The output <c>[N, OH, OW, OC]</c>.</returns>
    public ExpectedTensor ExpectForward(bool withBias = true, Activation activation = Activation.None) =>
        ExpectForward(withBias, withResidual: false, activation);

    internal ExpectedTensor ExpectForward(bool withBias, bool withResidual, Epilogue epilogue)
    {
        float[] bias = withBias ? Bias() : [];
        var values = new double[Geometry.Output.ElementCount];
        var magnitudes = new double[values.Length];
        ReferenceConv2D.Forward(Geometry, SeededData.ToDouble(X()), SeededData.ToDouble(W()), SeededData.ToDouble(bias), values);
        ReferenceConv2D.Forward(Geometry, SeededData.ToMagnitude(X()), SeededData.ToMagnitude(W()), SeededData.ToMagnitude(bias),
            magnitudes);
        float[] residual = withResidual ? Residual() : [];
        for (int i = 0; i < residual.Length; i++)
        {
            values[i] += residual[i];
            magnitudes[i] += Math.Abs((double)residual[i]);
        }

        return ExpectedActivation.Apply(epilogue,
            new ExpectedTensor(values, magnitudes, ((long)Geometry.KH * Geometry.KW * Geometry.GroupC) + 2));
    }

    /// <summary>What the backward pass should give for the input from <see cref="DY"/> and <see cref="W"/>.</summary>
    /// <returns>The gradient <c>[N, H, W, C]</c>.</returns>
    public ExpectedTensor ExpectBackwardData()
    {
        var values = new double[Geometry.Input.ElementCount];
        var magnitudes = new double[values.Length];
        ReferenceConv2D.BackwardData(Geometry, SeededData.ToDouble(DY()), SeededData.ToDouble(W()), values);
        ReferenceConv2D.BackwardData(Geometry, SeededData.ToMagnitude(DY()), SeededData.ToMagnitude(W()), magnitudes);
        return new ExpectedTensor(values, magnitudes, (long)Geometry.KH * Geometry.KW * Geometry.GroupOC);
    }

    /// <summary>
    /// What the transposed convolution should give, from what the data gradient should: with bias, residual and activation.
    /// </summary>
    internal ExpectedTensor ExpectTransposed(ExpectedTensor data, bool withBias, bool withResidual, Epilogue epilogue)
    {
        double[] values = [.. data.Values], magnitudes = [.. data.Magnitudes];
        float[] bias = withBias ? TransposedBias() : [], residual = withResidual ? TransposedResidual() : [];
        for (int i = 0; i < values.Length; i++)
        {
            double b = withBias ? bias[i % Geometry.C] : 0, r = withResidual ? residual[i] : 0;
            values[i] += b + r;
            magnitudes[i] += Math.Abs(b) + Math.Abs(r);
        }

        return ExpectedActivation.Apply(epilogue, new ExpectedTensor(values, magnitudes, data.Terms + 2));
    }

    /// <summary>
    /// What the backward pass should give for the filter from <see cref="X"/> and <see cref="DY"/>, summed over the batch.
    /// </summary>
    /// <returns>The gradient <c>[KH, KW, C/G, OC]</c>.</returns>
    public ExpectedTensor ExpectBackwardFilter()
    {
        var values = new double[Geometry.Filter.ToShape().ElementCount];
        var magnitudes = new double[values.Length];
        ReferenceConv2D.BackwardFilter(Geometry, SeededData.ToDouble(X()), SeededData.ToDouble(DY()), values);
        ReferenceConv2D.BackwardFilter(Geometry, SeededData.ToMagnitude(X()), SeededData.ToMagnitude(DY()), magnitudes);
        return new ExpectedTensor(values, magnitudes, (long)Geometry.N * Geometry.OH * Geometry.OW);
    }

    /// <summary>What the backward pass should give for the bias from <see cref="DY"/>, summed over the batch.</summary>
    /// <returns>The gradient <c>[OC]</c>.</returns>
    public ExpectedTensor ExpectBackwardBias()
    {
        var values = new double[Geometry.OC];
        var magnitudes = new double[values.Length];
        ReferenceConv2D.BackwardBias(Geometry, SeededData.ToDouble(DY()), values);
        ReferenceConv2D.BackwardBias(Geometry, SeededData.ToMagnitude(DY()), magnitudes);
        return new ExpectedTensor(values, magnitudes, (long)Geometry.N * Geometry.OH * Geometry.OW);
    }

    /// <summary>The sizes and the seed on one line.</summary>
    public override string ToString() => $"{Geometry} (seed {Seed})";
}
