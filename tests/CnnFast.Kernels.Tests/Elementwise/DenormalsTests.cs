using CnnFast.Kernels;
using CnnFast.Operators;
using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>Numbers below 2⁻¹²⁶: flushed in weights and in what optimizers remember.</summary>
public sealed class DenormalsTests
{
    private static readonly float[] s_special = [0, -0f, 1e-40f, -1e-40f, float.Epsilon, -float.Epsilon, Denormals.SmallestNormal,
        -Denormals.SmallestNormal, MathF.BitDecrement(Denormals.SmallestNormal), 1, -3e38f, float.PositiveInfinity,
        float.NegativeInfinity, float.NaN, BitConverter.Int32BitsToSingle(unchecked((int)0xFFC12345))];

    [Theory]
    [InlineData(GuardSide.Before)]
    [InlineData(GuardSide.After)]
    public void Denormal_numbers_become_zeros_of_their_sign_and_all_else_keeps_its_bits(GuardSide side)
    {
        for (int length = 0; length < 70; length++)
        {
            using var buffer = new GuardedBuffer<float>(length, side);
            for (int i = 0; i < length; i++)
                buffer.Span[i] = s_special[i % s_special.Length];
            Denormals.Flush(buffer.Span);
            for (int i = 0; i < length; i++)
            {
                float x = s_special[i % s_special.Length], expected = float.IsSubnormal(x) ? MathF.CopySign(0, x) : x;
                Assert.Equal(BitConverter.SingleToInt32Bits(expected), BitConverter.SingleToInt32Bits(buffer.Span[i]));
            }
        }
    }

    [Theory]
    [InlineData(GuardSide.Before)]
    [InlineData(GuardSide.After)]
    public unsafe void One_denormal_number_in_a_block_is_found_and_none_beside_it(GuardSide side)
    {
        float[] others = [.. s_special.Where(x => !float.IsSubnormal(x))];
        foreach ((int rows, int columns, int pitch) in new[] { (1, 1, 1), (3, 5, 5), (4, 7, 9), (2, 16, 16), (3, 33, 40), (5, 70, 71) })
        {
            using var buffer = new GuardedBuffer<float>(((rows - 1) * pitch) + columns, side);
            for (int i = 0; i < buffer.Length; i++)
                buffer.Span[i] = i % pitch < columns ? others[i % others.Length] : float.Epsilon;
            Assert.False(Denormals.AreIn(buffer.Pointer, pitch, rows, columns));
            for (int i = 0; i < buffer.Length; i++)
            {
                float kept = buffer.Span[i];
                if (i % pitch >= columns)
                    continue;
                foreach (float tiny in s_special.Where(float.IsSubnormal))
                {
                    buffer.Span[i] = tiny;
                    Assert.True(Denormals.AreIn(buffer.Pointer, pitch, rows, columns), $"{tiny} at {i} of {rows}×{columns}");
                }

                buffer.Span[i] = kept;
            }
        }
    }

    [Fact]
    public void What_optimizers_remember_never_becomes_denormal()
    {
        Hold(new SgdRule(0.1f, 0.9f, 0));
        Hold(new NesterovRule(0.1f, 0.9f, 0));
        Hold(new LionRule(1e-3f, 0.9f, 0.1f, 0.8f, 0.2f, 1));
        AdamRule adam = AdamRule.Create(1000, 1e-3f, 0.9f, 0.95f, 1e-8f, 0);
        Hold(adam);
        Hold(new AdamWRule(adam, 0.999f));
        Hold(new AmsGradRule(adam, 1));
        var rms = new RmsPropRule(1e-3f, 0.95f, 0.05f, 1e-8f, 0.9f, 0);
        Hold(rms);
        Hold(new CenteredRmsPropRule(rms));
    }

    [Fact]
    public void Second_moments_stay_where_epsilon_is_tiny()
    {
        AdamRule adam = AdamRule.Create(1000, 1e-3f, 0.9f, 0.95f, 1e-30f, 0);
        float[] w = [1], gradient = [0], first = [1e-20f], second = [1e-39f];
        UpdateOperator<AdamRule>.Create().Run(w, gradient, first, second, adam);
        Assert.True(float.IsSubnormal(second[0]));
    }

    // Gradients stop after the first step; 5,000 steps later nothing is denormal, weights are where exact moments would have taken them,
    // and every tier has the same bits as the others that round alike.
    private static void Hold<TRule>(TRule rule)
        where TRule : unmanaged, IUpdateRule
    {
        const int Count = 37;
        var results = new Dictionary<bool, int[]>();
        foreach (OptimizerKernels kernels in OptimizerKernels.All.Where(kernels => CpuInfo.IsSupported(kernels.Isa)))
        {
            var update = UpdateOperator<TRule>.Create(kernels);
            var random = new Random(1);
            float[] w = [.. Enumerable.Range(0, Count).Select(_ => random.NextSingle() - 0.5f)];
            float[] gradient = [.. Enumerable.Range(0, Count).Select(_ => random.NextSingle() - 0.5f)];
            float[] first = new float[Count], second = new float[Count], third = new float[Count];
            float[] settled = [];
            for (int step = 0; step < 5000; step++)
            {
                update.Run(w, gradient, first, TRule.Remembered > 1 ? second : [], TRule.Remembered > 2 ? third : [], rule);
                Array.Clear(gradient);
                foreach (float[] state in (float[][])[first, second, third])
                    Assert.DoesNotContain(state, float.IsSubnormal);
                if (step == 1000)
                    settled = [.. w];
            }

            if (rule is not LionRule and not AdamWRule)
                Assert.Equal(settled, w);
            Assert.All(w, value => Assert.True(float.IsFinite(value)));
            bool isFused = kernels.Isa is IsaLevel.Avx2 or IsaLevel.Avx512 or IsaLevel.Neon;
            int[] bits = [.. w.Select(BitConverter.SingleToInt32Bits)];
            if (results.TryGetValue(isFused, out int[]? others))
                Assert.Equal(others, bits);
            results[isFused] = bits;
        }
    }
}
