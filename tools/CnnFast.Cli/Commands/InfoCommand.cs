using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using CnnFast.Testing;

namespace CnnFast.Cli;

/// <summary><c>cnnfast info</c>: the processor, the tiers and the kernels that are chosen.</summary>
internal static class InfoCommand
{
    private static readonly IsaLevel[] BestFirst = [IsaLevel.Avx512, IsaLevel.Avx2, IsaLevel.Neon, IsaLevel.V128, IsaLevel.Scalar];

    public static Command Create(CommandHost host)
    {
        var command = new ExampleCommand(
            "info",
            "Shows the version, the processor and its measured peak, the instruction-set tiers, the threads and the kernels that are " +
                "chosen here, and says in one line whether anything limits them.",
            [],
            "cnnfast info",
            "CNNFAST_ISA=V128 cnnfast info --json");
        command.Brief = "Shows the processor, its peak and the kernels chosen here";
        command.Rows = ["kernels"];
        command.SetAction(parse => Run(host, parse.GetValue(CommonOptions.Json)));
        return command;
    }

    private static int Run(CommandHost host, bool json)
    {
        IReadOnlyList<KernelEntry> kernels = KernelCatalog.Read();
        IsaLevel[] supported = [.. Enum.GetValues<IsaLevel>().Where(CpuInfo.IsSupported)];
        double peak = FmaPeak.MeasureGflops();
        string verdict = RunningProgram.Verdict(
            BestFirst.First(supported.Contains), CpuInfo.Isa, CpuInfo.DefaultThreads,
            CpuInfo.ProcessorCount, CpuInfo.Notice);
        if (json)
            JsonOutput.Write(host.Output, writer => WriteJson(writer, supported, kernels, peak, verdict));
        else
            WriteText(host, supported, kernels, peak, verdict);
        return ExitCodes.Done;
    }

    private static void WriteJson(Utf8JsonWriter json, IsaLevel[] supported, IReadOnlyList<KernelEntry> kernels,
        double peak, string verdict)
    {
        json.WriteString("version", RunningProgram.Version);
        json.WriteString("compilation", RunningProgram.Compilation);
        json.WriteString("verdict", verdict);
        json.WriteFinite("peakGflopsPerCore", Math.Round(peak, 1));
        json.WriteString("peakForm", FmaPeak.Name);
        json.WriteString("cpu", CpuInfo.Name);
        json.WriteString("architecture", RuntimeInformation.ProcessArchitecture.ToString());
        json.WriteString("os", RuntimeInformation.OSDescription);
        json.WriteString("runtime", RuntimeInformation.FrameworkDescription);
        json.WriteString("isa", CpuInfo.Isa.ToString());
        json.WriteStrings("supportedIsa", supported.Select(level => level.ToString()));
        json.WriteString("notice", CpuInfo.Notice);
        WriteMachine(json, Machine.Current);
        json.WriteNumber("processors", CpuInfo.ProcessorCount);
        json.WriteNumber("threads", CpuInfo.DefaultThreads);
        json.WriteString("CNNFAST_ISA", Environment.GetEnvironmentVariable(CpuInfo.IsaVariable));
        json.WriteString("CNNFAST_NUM_THREADS", Environment.GetEnvironmentVariable("CNNFAST_NUM_THREADS"));
        json.WriteStartArray("kernels");
        foreach (KernelEntry kernel in kernels)
        {
            json.WriteStartObject();
            json.WriteString("family", kernel.Family);
            json.WriteString("kernel", kernel.Name);
            json.WriteString("isa", kernel.Isa.ToString());
            json.WriteBoolean("supported", kernel.Supported);
            json.WriteBoolean("chosen", kernel.Chosen);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteMachine(Utf8JsonWriter json, Machine machine)
    {
        json.WriteStartObject("machine");
        json.WriteString("design", machine.Design);
        json.WriteNumber("vectorBits", machine.VectorBits);
        json.WriteNumber("vectorRegisters", machine.VectorRegisters);
        json.WriteNumber("fmasPerCycle", machine.FmasPerCycle(machine.VectorBits));
        json.WriteNumber("loadsPerCycle", machine.LoadsPerCycle(machine.VectorBits));
        json.WriteNumber("l1DataBytes", machine.L1DataBytes);
        json.WriteNumber("l2Bytes", machine.L2Bytes);
        json.WriteNumber("l3Bytes", machine.L3Bytes);
        json.WriteEndObject();
    }

    private static void WriteText(CommandHost host, IsaLevel[] supported, IReadOnlyList<KernelEntry> kernels, double peak, string verdict)
    {
        const int KiB = 1024;
        TextWriter output = host.Output;
        Machine machine = Machine.Current;
        int bits = machine.VectorBits;
        output.WriteLine(
            $"Version     cnnfast {RunningProgram.Version}, {RunningProgram.Compilation} on {RuntimeInformation.FrameworkDescription}");
        output.WriteLine($"System      {RuntimeInformation.OSDescription}");
        output.WriteLine($"Processor   {CpuInfo.Name} ({RuntimeInformation.ProcessArchitecture}, {CpuInfo.ProcessorCount} usable)");
        output.WriteLine($"Design      {machine.Design}: {machine.VectorRegisters} registers of {bits} bits; a cycle starts");
        output.WriteLine($"            {machine.FmasPerCycle(bits)} multiply-add and {machine.LoadsPerCycle(bits)} load of them");
        output.WriteLine(
            $"Caches      {machine.L1DataBytes / KiB}, {machine.L2Bytes / KiB} and {machine.L3Bytes / KiB} KB (levels 1, 2 and 3)");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Peak        {peak:N1} GFLOP/s a core ({FmaPeak.Name}), measured now; {peak * CpuInfo.DefaultThreads:N1} in all"));
        output.WriteLine($"Tier        {CpuInfo.Isa} (supported: {string.Join(", ", supported)}; {Variable(CpuInfo.IsaVariable)})");
        if (CpuInfo.Notice is { } notice)
            output.WriteLine($"Notice      {notice}");
        output.WriteLine($"Threads     {CpuInfo.DefaultThreads} ({Variable("CNNFAST_NUM_THREADS")})");
        output.WriteLine($"Verdict     {verdict}");
        output.WriteLine();

        TextTable table = new TextTable(host).Name("Family").Name("Chosen kernel").Name("Tier");
        foreach (KernelEntry kernel in kernels.Where(kernel => kernel.Chosen))
            table.Row(kernel.Family, kernel.Name, kernel.Isa.ToString());
        table.Write();
    }

    private static string Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? $"{name} is {value}" : $"{name} is not set";
}
