using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>
/// The scalar twin of the direct convolutions: one chain of <see cref="MathF.FusedMultiplyAdd"/> an output, taps in row order, then
/// channels, padding read as zero. It states the bits that every kernel with fused multiply-add must give.
/// </summary>
internal static class FusedTwin
{
    public static float[] Forward(Conv2DGeometry g, float[] x, float[] w, float[] bias, Activation activation)
    {
        var y = new float[g.Output.ElementCount];
        int at = 0;
        for (int n = 0; n < g.N; n++)
            for (int oh = 0; oh < g.OH; oh++)
                for (int ow = 0; ow < g.OW; ow++)
                    for (int oc = 0; oc < g.OC; oc++)
                    {
                        int group = oc / g.GroupOC;
                        float sum = bias.Length > 0 ? bias[oc] : 0;
                        for (int kh = 0; kh < g.KH; kh++)
                            for (int kw = 0; kw < g.KW; kw++)
                                for (int c = 0; c < g.GroupC; c++)
                                {
                                    int h = (oh * g.StrideH) + (kh * g.DilationH) - g.PadTop;
                                    int v = (ow * g.StrideW) + (kw * g.DilationW) - g.PadLeft;
                                    bool inside = h >= 0 && h < g.H && v >= 0 && v < g.W;
                                    float value = inside ? x[(((((n * g.H) + h) * g.W) + v) * g.C) + (group * g.GroupC) + c] : 0;
                                    sum = MathF.FusedMultiplyAdd(value, w[(((((kh * g.KW) + kw) * g.GroupC) + c) * g.OC) + oc], sum);
                                }

                        y[at++] = activation == Activation.ReLU && sum < 0 ? 0 : sum;
                    }

        return y;
    }

    public static float[] BackwardData(Conv2DGeometry g, float[] dy, float[] w, float[] bias, Activation activation)
    {
        var dx = new float[g.Input.ElementCount];
        int at = 0;
        for (int n = 0; n < g.N; n++)
            for (int h = 0; h < g.H; h++)
                for (int v = 0; v < g.W; v++)
                    for (int c = 0; c < g.C; c++)
                    {
                        int group = c / g.GroupC;
                        float sum = bias.Length > 0 ? bias[c] : 0;
                        for (int kh = g.KH - 1; kh >= 0; kh--)
                            for (int kw = g.KW - 1; kw >= 0; kw--)
                            {
                                int top = h + g.PadTop - (kh * g.DilationH);
                                int left = v + g.PadLeft - (kw * g.DilationW);
                                if (top % g.StrideH != 0 || left % g.StrideW != 0)
                                    continue;
                                int oh = top / g.StrideH;
                                int ow = left / g.StrideW;
                                bool inside = top >= 0 && left >= 0 && oh < g.OH && ow < g.OW;
                                for (int k = 0; k < g.GroupOC; k++)
                                {
                                    int oc = (group * g.GroupOC) + k;
                                    float value = inside ? dy[(((((n * g.OH) + oh) * g.OW) + ow) * g.OC) + oc] : 0;
                                    sum = MathF.FusedMultiplyAdd(value, w[(((((kh * g.KW) + kw) * g.GroupC) + (c % g.GroupC)) * g.OC) + oc],
                                        sum);
                                }
                            }

                        dx[at++] = activation == Activation.ReLU && sum < 0 ? 0 : sum;
                    }

        return dx;
    }
}
