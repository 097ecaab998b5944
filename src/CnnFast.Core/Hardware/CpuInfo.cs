using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;
using CnnFast.Diagnostics;

namespace CnnFast;

/// <summary>The processor that this process runs on, as the kernels see it. Thread-safe.</summary>
public static class CpuInfo
{
    /// <summary>The environment variable that limits the tier of the kernels, such as <c>CNNFAST_ISA=V128</c>.</summary>
    public const string IsaVariable = "CNNFAST_ISA";

    private static int _noticeGiven;

    /// <summary>Processors that this process may use.</summary>
    public static int ProcessorCount => Environment.ProcessorCount;

    /// <summary>
    /// Threads used where no number is given: <c>CNNFAST_NUM_THREADS</c> where it is set, else <see cref="ProcessorCount"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The variable is not a whole number from 1 to 1024.</exception>
    public static int DefaultThreads => WorkScheduler.DefaultThreads;

    /// <summary>The processor's own name, or the architecture where it gives none.</summary>
    public static string Name { get; } = ReadName();

    /// <summary>
    /// <see cref="Name"/> with the design of the cores where it is known, such as <c>AMD EPYC (Zen 4)</c>: what a measured time belongs to.
    /// Virtual machines often hide the model's number.
    /// </summary>
    public static string Description =>
        Machine.Current.Core == Microarchitecture.Unknown ? Name : $"{Name} ({Machine.Current.Design})";

    /// <summary>
    /// A sentence where the program leaves speed behind that its processor has: it was compiled ahead of time without the
    /// processor's AVX2 and FMA, so that their kernels are not in it. Null where all is well. The event source <c>CnnFast</c>
    /// writes it once, as a warning, when the first kernel is chosen (a program compiled ahead of time has events only with
    /// <c>EventSourceSupport</c> set in its project file).
    /// </summary>
    public static string? Notice { get; } =
        NoticeFor(RuntimeFeature.IsDynamicCodeSupported, IsSupported(IsaLevel.Avx2), ProcessorHasAvx2());

    /// <summary>
    /// The highest tier whose kernels may be chosen: what the processor and the runtime support, limited by
    /// <c>CNNFAST_ISA</c> where it is set.
    /// </summary>
    /// <exception cref="InvalidOperationException"><c>CNNFAST_ISA</c> names no tier, or one that is not supported here.</exception>
    public static IsaLevel Isa
    {
        get
        {
            GiveNotice();
            string? text = Environment.GetEnvironmentVariable(IsaVariable);
            if (string.IsNullOrEmpty(text))
                return IsaTiers.Best;
            int index = Array.FindIndex(Enum.GetNames<IsaLevel>(), name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
            if (index < 0)
                throw new InvalidOperationException(
                    $"{IsaVariable} is '{text}'; expected one of {string.Join(", ", Enum.GetNames<IsaLevel>())}.");
            IsaLevel level = Enum.GetValues<IsaLevel>()[index];
            return IsSupported(level)
                ? level
                : throw new InvalidOperationException(
                    $"{IsaVariable} is '{text}', which this processor or runtime does not support; it supports up to {IsaTiers.Best}.");
        }
    }

    /// <summary>
    /// Whether kernels of a tier can run here. AVX-512 counts where the runtime calls 512-bit vectors fast: on processors that lower their
    /// clock for them (the Skylake-X kind) <c>DOTNET_PreferredVectorBitWidth=512</c> turns it on.
    /// </summary>
    /// <param name="level">The tier.</param>
    /// <returns>True when the processor and the runtime support it.</returns>
    public static bool IsSupported(IsaLevel level) => IsaTiers.IsSupported(level);

    /// <summary>The notice of a program.</summary>
    /// <param name="compilesAtRunTime">Whether a just-in-time compiler makes the code, which takes what the processor has.</param>
    /// <param name="hasKernels">Whether the AVX2 kernels are in the program.</param>
    /// <param name="processorHasAvx2">Whether the processor has AVX2 with FMA.</param>
    internal static string? NoticeFor(bool compilesAtRunTime, bool hasKernels, bool processorHasAvx2) =>
        compilesAtRunTime || hasKernels || !processorHasAvx2
            ? null
            : "CnnFast: this program was compiled ahead of time without AVX2 and FMA, which the processor has, " +
                "so that it runs several times "
                + "slower than it could; set <IlcInstructionSet>x86-64-v3</IlcInstructionSet> (x86-64-v4 for AVX-512) in its project file.";

    /// <summary>Whether a kernel of tier <paramref name="kernel"/> may be chosen when the limit is <paramref name="limit"/>.</summary>
    internal static bool Allows(IsaLevel limit, IsaLevel kernel) => IsaTiers.Allows(limit, kernel);

    private static void GiveNotice()
    {
        if (Notice is { } notice && Interlocked.Exchange(ref _noticeGiven, 1) == 0)
            CnnFastEventSource.Log.KernelsCompiledOut(notice);
    }

    // What the processor says of itself, whatever the program was compiled for: FMA, the system's saving of vector registers, AVX2.
    private static bool ProcessorHasAvx2()
    {
        const int Fma = 1 << 12;
        const int SavedRegisters = 1 << 27;
        const int Avx2 = 1 << 5;
        if (!X86Base.IsSupported || X86Base.CpuId(0, 0).Eax < 7)
            return false;
        int features = X86Base.CpuId(1, 0).Ecx;
        return (features & Fma) != 0 && (features & SavedRegisters) != 0 && (X86Base.CpuId(7, 0).Ebx & Avx2) != 0;
    }

    private static string ReadName()
    {
        if (!X86Base.IsSupported || (uint)X86Base.CpuId(unchecked((int)0x80000000), 0).Eax < 0x80000004)
            return RuntimeInformation.ProcessArchitecture.ToString();
        Span<int> words = stackalloc int[12];
        for (int leaf = 0; leaf < 3; leaf++)
            (words[leaf * 4], words[(leaf * 4) + 1], words[(leaf * 4) + 2], words[(leaf * 4) + 3]) =
                X86Base.CpuId(unchecked((int)0x80000002) + leaf, 0);
        return Encoding.ASCII.GetString(MemoryMarshal.AsBytes(words)).TrimEnd('\0', ' ').Trim();
    }
}
