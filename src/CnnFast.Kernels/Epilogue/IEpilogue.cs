using System.Runtime.Intrinsics;

namespace CnnFast.Kernels;

/// <summary>The last step of a tile, applied to each finished output; a struct behind a generic parameter, so it costs no call.</summary>
internal interface IEpilogue
{
    static abstract Vector256<float> Apply(Vector256<float> x);

    static abstract Vector128<float> Apply(Vector128<float> x);

    static abstract float Apply(float x);
}
