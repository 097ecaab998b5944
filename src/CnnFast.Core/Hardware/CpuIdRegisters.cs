namespace CnnFast;

/// <summary>What an x86 processor answers to CPUID.</summary>
internal readonly record struct CpuIdRegisters(int Eax, int Ebx, int Ecx, int Edx);
