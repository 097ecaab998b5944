namespace CnnFast.Kernels;

/// <summary>One lane of plain C#: multiply and add round separately.</summary>
internal readonly unsafe struct ScalarLanes : ILanes<float, int>
{
    public static int Count => 1;

    public static int Registers => 16;

    public static bool IsFused => false;

    public static int Indices => 0;

    public static float Load(float* source) => *source;

    public static float LoadPartial(float* source, nint count) => *source;

    public static void StoreStreaming(float* destination, float value) => Store(destination, value);

    public static void Store(float* destination, float value) => *destination = value;

    public static void StorePartial(float* destination, float value, nint count) => *destination = value;

    public static float Create(float value) => value;

    public static float First(float value) => value;

    public static float Add(float a, float b) => a + b;

    public static float Subtract(float a, float b) => a - b;

    public static float Multiply(float a, float b) => a * b;

    public static float Divide(float a, float b) => a / b;

    public static float Sqrt(float a) => MathF.Sqrt(a);

    public static float MultiplyAdd(float a, float b, float c) => (a * b) + c;

    public static float SelectGreater(float a, float b, float x, float y) => a > b ? x : y;

    public static float Max(float accumulator, float x) => x > accumulator ? x : accumulator;

    public static float Min(float accumulator, float x) => x < accumulator ? x : accumulator;

    public static float MaxOrNaN(float accumulator, float x) => x > accumulator || float.IsNaN(x) ? x : accumulator;

    public static float SelectEqualOrNaN(float value, float reference, float x, float y) =>
        value == reference || float.IsNaN(value) ? x : y;

    public static bool IsOrdered(float value) => !float.IsNaN(value);

    public static float TreeSum(float value) => value;

    public static float TreeMax(float value) => value;

    public static int CreateInt(int value) => value;

    public static int AddInt(int a, int b) => a + b;

    public static int SubtractInt(int a, int b) => a - b;

    public static int MultiplyInt(int a, int b) => a * b;

    public static int And(int a, int b) => a & b;

    public static int Xor(int a, int b) => a ^ b;

    public static int ShiftLeft(int a, int bits) => a << bits;

    public static int ShiftRightLogical(int a, int bits) => a >>> bits;

    public static int ShiftRightArithmetic(int a, int bits) => a >> bits;

    public static float SelectGreaterInt(int a, int b, float x, float y) => a > b ? x : y;

    public static int BitsOf(float value) => BitConverter.SingleToInt32Bits(value);

    public static float FromBits(int bits) => BitConverter.Int32BitsToSingle(bits);

    public static float ToFloat(int value) => value;
}
